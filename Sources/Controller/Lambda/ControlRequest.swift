import NIOCore
import TextForms

/// A request to the management API, taken apart.
struct ControlRequest: Sendable {
    let method: String
    /// The path's parts, decoded, without the empty one that a slash at the end makes.
    let path: [String]
    /// In their order, decoded.
    let query: [(name: String, value: String)]
    let body: ByteBuffer

    init(_ request: ServiceRequest) {
        method = request.method
        path = request.path.split(separator: "/").map { Self.decoded($0, plusIsSpace: false) }
        query = (request.query ?? "").split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? Self.decoded(parts[1], plusIsSpace: true) : ""
            return (Self.decoded(parts[0], plusIsSpace: true), value)
        }
        body = request.body
    }

    /// The first value; nil when it is missing or empty.
    func parameter(_ name: String) -> String? {
        query.first { $0.name == name }.flatMap { $0.value.isEmpty ? nil : $0.value }
    }

    func parameters(_ name: String) -> [String] { query.filter { $0.name == name }.map(\.value) }

    /// A number of the query.
    func number(_ name: String, in range: ClosedRange<Int>) throws(LambdaControlError) -> Int? {
        guard let text = parameter(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .constraint(
                text, name.prefix(1).lowercased() + name.dropFirst(),
                "be a number between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }

    /// The body's members.
    func members() throws(LambdaControlError) -> ControlMembers {
        guard body.readableBytes > 0 else { return ControlMembers([:]) }
        let json: ServiceJSON
        do {
            json = try ServiceJSON(body)
        } catch {
            throw LambdaControlError(.invalidContent, "Could not parse request body into json: it is no valid JSON")
        }
        guard let object = json.object else {
            throw LambdaControlError(.invalidContent, "Could not parse request body into json: it is no object")
        }
        return ControlMembers(object)
    }

    /// As it is when the encoding is broken.
    private static func decoded(_ text: Substring, plusIsSpace: Bool) -> String {
        let spaced = plusIsSpace ? String(text.map { $0 == "+" ? " " : $0 }) : String(text)
        return PercentEncoding.text(of: spaced)
    }
}
