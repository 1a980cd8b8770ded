import FunctionModel

/// The function that a request is about, out of `FunctionName` and `Qualifier`.
struct ControlTarget: Hashable, Sendable {
    /// As given; it may be the name of no function.
    let name: String
    /// `$LATEST`, a number or an alias; nil when none was given.
    let qualifier: String?

    /// Reads `NAME`, `NAME:QUALIFIER`, `ACCOUNT:function:NAME` or a whole ARN.
    ///
    /// - Parameters:
    ///   - text: the path's part, decoded.
    ///   - given: the parameter `Qualifier`.
    init(_ text: String, qualifier given: String? = nil) throws(LambdaControlError) {
        guard text.utf8.count <= 64 || text.utf8.contains(UInt8(ascii: ":")) else {
            throw .constraint(text, "functionName", "have length less than or equal to 64")
        }
        guard let (name, own) = FunctionReference.parse(text) else {
            throw .constraint(
                text, "functionName", "satisfy regular expression pattern: \(FunctionReference.pattern)")
        }
        if let given, !FunctionReference.isQualifier(given[...]) {
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
}
