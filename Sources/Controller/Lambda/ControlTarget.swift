import FunctionModel

/// The function that a request is about, out of `FunctionName` and `Qualifier`.
struct ControlTarget: Hashable, Sendable {
    /// As given; it may be the name of no function.
    let name: String
    /// `$LATEST`, a number or an alias; nil when none was given.
    let qualifier: String?

    private static let pattern =
        "(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?"
        + "([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?"

    /// Reads `NAME`, `NAME:QUALIFIER`, `ACCOUNT:function:NAME` or a whole ARN.
    ///
    /// - Parameters:
    ///   - text: the path's part, decoded.
    ///   - given: the parameter `Qualifier`.
    init(_ text: String, qualifier given: String? = nil) throws(LambdaControlError) {
        guard let (name, own) = Self.parts(text) else {
            throw .constraint(text, "functionName", "satisfy regular expression pattern: \(Self.pattern)")
        }
        guard name.utf8.count <= 64 else {
            throw .constraint(name, "functionName", "have length less than or equal to 64")
        }
        if let given, !Self.isQualifier(given) {
            throw .constraint(given, "qualifier", "satisfy regular expression pattern: (|[a-zA-Z0-9$_-]+)")
        }
        if let own, let given, own != given {
            throw .invalid("The derived qualifier from the function name does not match the specified qualifier.")
        }
        self.name = name
        qualifier = own ?? given
    }

    /// Nil when it means what lies in the functions directory.
    var published: String? { qualifier == "$LATEST" ? nil : qualifier }

    private static func parts(_ text: String) -> (name: String, qualifier: String?)? {
        guard text.utf8.count <= 256 else { return nil }
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)[...]
        if parts.first == "arn" {
            guard parts.count >= 7, parts.dropFirst().first?.hasPrefix("aws") == true, parts[2] == "lambda" else {
                return nil
            }
            parts = parts.dropFirst(3)
            guard isRegion(parts[parts.startIndex]) else { return nil }
        }
        if parts.count > 2, let first = parts.first, isRegion(first) { parts = parts.dropFirst() }
        if parts.count > 1, let first = parts.first, isAccount(first), parts.dropFirst().first == "function" {
            parts = parts.dropFirst()
        }
        if parts.count > 1, parts.first == "function" { parts = parts.dropFirst() }
        guard let name = parts.first, parts.count <= 2, isName(name) else { return nil }
        guard let qualifier = parts.dropFirst().first else { return (String(name), nil) }
        return isQualifier(String(qualifier)) ? (String(name), String(qualifier)) : nil
    }

    private static func isName(_ text: Substring) -> Bool { !text.isEmpty && text.utf8.allSatisfy(isNameByte) }

    private static func isQualifier(_ text: String) -> Bool {
        text == "$LATEST" || (!text.isEmpty && text.utf8.count <= 128 && text.utf8.allSatisfy(isNameByte))
    }

    private static func isRegion(_ text: Substring) -> Bool {
        let isPlain = text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 0x2D }
        guard isPlain, let last = text.utf8.last else { return false }
        return text.utf8.count(where: { $0 == 0x2D }) >= 2 && (48...57).contains(last)
    }

    private static func isAccount(_ text: Substring) -> Bool {
        text.utf8.count == 12 && text.utf8.allSatisfy { (48...57).contains($0) }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte) || byte == 0x2D
            || byte == 0x5F
    }
}
