import Crypto
import FunctionModel
package import HTTPCodec

/// API keys in `X-Api-Key` or `Authorization: Bearer`.
package enum APIKeyCheck {
    /// A secret that holds keys, one a line.
    package struct KeyFile: Sendable {
        package let name: String
        package let contents: [UInt8]

        package init(name: String, contents: [UInt8]) {
            self.name = name
            self.contents = contents
        }

        /// The lines that are not empty, without blanks around them.
        var keys: [ArraySlice<UInt8>] {
            contents.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }).map { line in
                let start = line.firstIndex { $0 != 0x20 && $0 != 0x09 } ?? line.endIndex
                let end = line.lastIndex { $0 != 0x20 && $0 != 0x09 }.map { $0 + 1 } ?? start
                return line[start..<end]
            }.filter { !$0.isEmpty }
        }
    }

    private static let challenge = "Bearer realm=\"glo\""

    /// Looks at every key, so that the time tells nothing.
    package static func check(
        _ fields: HTTPFields, _ files: [KeyFile]
    ) -> Result<RouteIdentity, AuthenticationFailure> {
        guard let given = fields.first("x-api-key") ?? BearerToken.read(fields) else {
            return .failure(
                AuthenticationFailure(
                    .unauthorized, "The route needs an API key, in X-Api-Key or as Authorization: Bearer.",
                    challenge: challenge))
        }
        // Digests have one length, so not even that of the key shows.
        let digest = SHA256.hash(data: Array(given.utf8))
        var found: String?
        for file in files {
            for key in file.keys where ConstantTime.areEqual(Array(digest), Array(SHA256.hash(data: key))) {
                found = file.name
            }
        }
        guard let found else {
            return .failure(
                AuthenticationFailure(
                    .unauthorized, "The API key is not one of this route's.",
                    challenge: challenge + ", error=\"invalid_token\""))
        }
        return .success(RouteIdentity(name: found, authorizer: "{\"key\":{\"name\":\"\(found)\"}}"))
    }
}
