/// A name or value that would break the message apart if it were written; nothing of it has been written.
package struct HTTPWriteError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        case invalidFieldName
        case invalidFieldValue
        case invalidTarget
        case invalidMethod
    }

    package let reason: Reason

    package init(_ reason: Reason) { self.reason = reason }

    /// One sentence for people.
    package var sentence: String {
        switch reason {
        case .invalidFieldName: "The name of a header field is empty or holds a byte that no name may hold."
        case .invalidFieldValue: "The value of a header field holds a control byte, such as CR, LF or NUL."
        case .invalidTarget: "The request target holds a byte that must be percent-encoded."
        case .invalidMethod: "The method holds a byte that no method may hold."
        }
    }

    package var description: String { sentence }
}
