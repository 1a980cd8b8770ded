/// Why nothing could be imported.
package struct ImportError: Error, Hashable {
    package let message: String
    package let hint: String?

    init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }
}
