/// Why a content file could not be written or read.
package struct ContentFileError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: Hashable, Sendable {
        case notFound
        case noSpace
        /// What is there is not what was written.
        case damaged
        /// Not 32 lower-case hexadecimal digits.
        case badName
        case other
    }

    package let code: Code
    /// What happened, in a sentence.
    package let message: String
    /// What to do about it.
    package let hint: String

    package var description: String { "\(message) \(hint)" }
}
