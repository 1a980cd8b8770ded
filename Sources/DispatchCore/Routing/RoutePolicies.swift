package import FunctionModel

/// What the gateway does with a route's requests before the function sees them. Most routes have none.
package final class RoutePolicies: Sendable {
    /// Bytes of the path that the handler does not see.
    package let strippedBytes: Int
    package let cors: CORSSettings?
    package let auth: RouteAuth?
    package let rateLimit: RateLimitSettings?
    /// Whether failures are told as Lambda's function URLs tell them.
    package let isFunctionURL: Bool
    /// The directory of the version's files, to which files in `auth` are relative.
    package let filesPath: String

    /// Nil when there is nothing to do.
    package convenience init?(_ trigger: HTTPTrigger, pattern: RoutePattern, filesPath: String) {
        let isFunctionURL = trigger.stripsBase && trigger.path.hasPrefix(Self.functionURLPrefix)
        guard trigger.stripsBase || trigger.cors != nil || trigger.auth != nil || trigger.rateLimit != nil else {
            return nil
        }
        self.init(
            strippedBytes: trigger.stripsBase ? pattern.baseBytes : 0, cors: trigger.cors, auth: trigger.auth,
            rateLimit: trigger.rateLimit, isFunctionURL: isFunctionURL, filesPath: filesPath)
    }

    package init(
        strippedBytes: Int = 0, cors: CORSSettings? = nil, auth: RouteAuth? = nil, rateLimit: RateLimitSettings? = nil,
        isFunctionURL: Bool = false, filesPath: String = ""
    ) {
        self.strippedBytes = strippedBytes
        self.cors = cors
        self.auth = auth
        self.rateLimit = rateLimit
        self.isFunctionURL = isFunctionURL
        self.filesPath = filesPath
    }

    /// Where the function URLs of Lambda's API are.
    package static let functionURLPrefix = "/_url/"

    /// The pattern that fits the path as the handler sees it.
    package func handlerPattern(_ pattern: String) -> String {
        guard strippedBytes > 0 else { return pattern }
        let rest = pattern.utf8.firstIndex { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "*") }
        return rest.map { "/" + pattern[$0...] } ?? "/"
    }

    /// The path as the handler sees it, percent-encoded as it was sent.
    package func handlerPath(_ path: String) -> String {
        guard strippedBytes > 0 else { return path }
        let rest = path.utf8.dropFirst(strippedBytes)
        return rest.isEmpty ? "/" : String(Substring(rest))
    }
}
