/// Why a file of the state directory cannot be used.
package struct StateFileError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// It cannot be read or written, for reasons of the system.
        case unusable
        /// Others may read or write it, or it belongs to somebody else.
        case exposed
        /// What is in it is not what was written.
        case damaged
    }

    package let kind: Kind
    package let message: String
    package let hint: String?

    package init(_ kind: Kind, _ message: String, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }

    package var description: String { message }
}
