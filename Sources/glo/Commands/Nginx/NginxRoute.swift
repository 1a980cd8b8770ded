import DispatchCore
import FunctionModel
import TextForms

/// A route as nginx has to know it.
struct NginxRoute: Hashable {
    /// The pattern, such as `/hello/{id}`.
    let path: String
    let isAsync: Bool
    let function: String
    /// The function's time limit in milliseconds.
    let timeoutMilliseconds: Int
    /// How long a new worker of it may take to get ready, in milliseconds.
    var initTimeoutMilliseconds = Limits().initTimeoutMilliseconds

    /// How long nginx waits for the answer: as long as the function may take, and a little for Glo's own 504. A stored
    /// event is answered at once.
    var readSeconds: Int {
        guard !isAsync else { return 10 }
        return (timeoutMilliseconds + waitMilliseconds + 999) / 1000 + 5
    }

    /// Of a function URL the timeout begins when a worker has the request.
    private var waitMilliseconds: Int {
        guard path.hasPrefix(RoutePolicies.functionURLPrefix) else { return 0 }
        var limits = Limits()
        limits.timeoutMilliseconds = timeoutMilliseconds
        limits.initTimeoutMilliseconds = initTimeoutMilliseconds
        return limits.lambdaWaitMilliseconds
    }

    /// What stands between `location` and `{`; nil for what nginx cannot tell apart.
    ///
    /// nginx takes an exact match first, then the first regular expression, then the longest prefix; Glo decides in the
    /// end, so a wrong choice here costs a time limit and no answer.
    var location: String? { location(asExpression: false) }

    /// - Parameter asExpression: whether a prefix is written as a regular expression.
    func location(asExpression: Bool) -> String? {
        guard let pattern = try? RoutePattern(path) else { return nil }
        let isOpen = pattern.segments.last == .wildcard
        let fixed = isOpen ? pattern.segments.dropLast() : pattern.segments[...]
        var literal = ""
        var expression = "^"
        var isLiteral = true
        for segment in fixed {
            switch segment {
            case .literal(let text):
                // nginx compares with the decoded path.
                guard let text = Self.decoded(text), !text.contains("/"), !text.contains("\n") else {
                    return nil
                }
                literal += "/\(text)"
                expression += "/\(Self.escaped(text))"
            case .parameter:
                isLiteral = false
                expression += "/[^/]+"
            case .tail:
                isLiteral = false
                expression += "/.+"
            case .wildcard: preconditionFailure("a wildcard is the last of a pattern")
            }
        }
        if isLiteral, !isOpen { return "= \(Self.quoted(literal.isEmpty ? "/" : literal))" }
        if isLiteral, !asExpression { return Self.quoted("\(literal)/") }
        return "~ \(Self.quoted(expression + (isOpen ? "/.*$" : "$"), isExpression: true))"
    }

    /// Whether nginx would look at a regular expression for this route before it takes the other's prefix, for one path
    /// at least: the expression goes before the prefix, however specific that is.
    func isLookedAt(beforePrefix other: NginxRoute) -> Bool {
        guard let mine = try? RoutePattern(path), let theirs = try? RoutePattern(other.path) else { return false }
        for (index, segment) in theirs.segments.dropLast().enumerated() {
            guard index < mine.segments.count else { return false }
            switch mine.segments[index] {
            case .tail, .wildcard: return true
            case .parameter: break
            case .literal: if mine.segments[index] != segment { return false }
            }
        }
        return mine.segments.count >= theirs.segments.count
    }

    /// Expressions with smaller numbers stand first: at the first segment that differs in kind, a literal goes before a
    /// parameter and a parameter before a tail, as in Glo's own table.
    var order: [Int] { (try? RoutePattern(path))?.segments.map(\.rank) ?? [] }

    /// Without percent-encoding; nil when the bytes are no text.
    private static func decoded(_ text: String) -> String? {
        PercentEncoding.strictlyDecoded(text.utf8).flatMap { String(validating: $0, as: UTF8.self) }
    }

    private static func escaped(_ text: String) -> String {
        text.map { "\\^$.|?*+()[]{}".contains($0) ? "\\\($0)" : String($0) }.joined()
    }

    /// In double quotes unless every character is harmless.
    private static func quoted(_ text: String, isExpression: Bool = false) -> String {
        let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/-._~".contains($0)) }
        if isPlain, !isExpression { return text }
        let body = isExpression ? text : text.map { $0 == "\\" ? "\\\\" : String($0) }.joined()
        return "\"" + body.map { $0 == "\"" ? "\\\"" : String($0) }.joined() + "\""
    }
}
