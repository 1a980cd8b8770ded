import FunctionModel
import TextForms

/// How callers of Lambda's API name a function: its name, or a whole or partial ARN, with or without a qualifier.
struct FunctionReference: Hashable, Sendable {
    let name: String
    /// A published number, an alias, or `$LATEST`; nil when none was given.
    let qualifier: String?

    static let pattern =
        "(arn:aws[-a-z]*:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)"
        + "(:(\\$LATEST|[a-zA-Z0-9-_]+))?"
    private static let maxNameBytes = 64
    private static let maxBytes = 256

    /// The ARN that clients are shown.
    static func arn(_ name: String) -> String {
        "arn:aws:lambda:\(LambdaIdentity.region):\(LambdaIdentity.account):function:\(name)"
    }

    /// - Parameters:
    ///   - segment: of the path, percent-encoded.
    ///   - query: may hold `Qualifier`.
    init(segment: Substring, query: String) throws(LambdaAPIError) {
        let text = PercentEncoding.text(of: segment)
        guard let (name, derived) = Self.parse(text) else {
            throw .validation(text, at: "functionName", pattern: Self.pattern)
        }
        let given = query.isEmpty ? nil : Self.value(of: "Qualifier", in: query)
        if let given, !given.isEmpty {
            guard Self.isQualifier(given[...]) else {
                throw .validation(given, at: "qualifier", pattern: "(|[a-zA-Z0-9$_-]+)")
            }
            guard derived == nil || derived == given else {
                throw .invalidParameter(
                    "The derived qualifier from the function name does not match the specified qualifier.")
            }
            self.init(name: name, qualifier: given)
        } else {
            self.init(name: name, qualifier: derived)
        }
    }

    init(name: String, qualifier: String?) {
        self.name = name
        self.qualifier = qualifier
    }

    /// Nil when it is not of the form.
    static func parse(_ text: String) -> (name: String, qualifier: String?)? {
        guard text.utf8.contains(UInt8(ascii: ":")) else { return isName(text[...]) ? (text, nil) : nil }
        guard text.utf8.count <= maxBytes else { return nil }
        var words = text.split(separator: ":", omittingEmptySubsequences: false)[...]
        if words.first == "arn" {
            guard words.count >= 7, words[1].hasPrefix("aws"), words[2] == "lambda" else { return nil }
            words = words.dropFirst(3)
        }
        // `my-job-1:live` is a function with an alias, though its name looks like a region.
        if words.count > 2, let first = words.first, isRegion(first), let second = words.dropFirst().first,
            isAccount(second) || second == "function"
        {
            words = words.dropFirst()
        }
        // Twelve digits before a colon are an account, as Lambda reads them.
        if words.count > 1, let first = words.first, isAccount(first) { words = words.dropFirst() }
        if words.count > 1, words.first == "function" { words = words.dropFirst() }
        guard let name = words.popFirst(), isName(name), words.count <= 1 else { return nil }
        guard let qualifier = words.first else { return (String(name), nil) }
        return isQualifier(qualifier) ? (String(name), String(qualifier)) : nil
    }

    private static func isName(_ text: Substring) -> Bool {
        (1...maxNameBytes).contains(text.utf8.count) && text.utf8.allSatisfy(isWordByte)
    }

    static func isQualifier(_ text: Substring) -> Bool {
        text == "$LATEST" || (1...128).contains(text.utf8.count) && text.utf8.allSatisfy(isWordByte)
    }

    private static func isAccount(_ text: Substring) -> Bool {
        text.utf8.count == 12 && text.utf8.allSatisfy { (48...57).contains($0) }
    }

    /// Such as `eu-north-1` or `us-gov-west-1`.
    private static func isRegion(_ text: Substring) -> Bool {
        let words = text.split(separator: "-", omittingEmptySubsequences: false)
        guard words.count == 3 || words.count == 4, let last = words.last, last.utf8.count == 1 else { return false }
        return words[0].utf8.count == 2 && words.dropLast().allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isSmall) }
            && last.utf8.allSatisfy { (48...57).contains($0) }
    }

    private static func isSmall(_ byte: UInt8) -> Bool { (97...122).contains(byte) }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        isSmall(byte) || (65...90).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }

    /// The first value of a name in a query.
    private static func value(of name: String, in query: String) -> String? {
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard PercentEncoding.text(of: Substring(pair[..<equals])) == name else { continue }
            return PercentEncoding.text(of: Substring(pair[equals...].dropFirst()))
        }
        return nil
    }
}
