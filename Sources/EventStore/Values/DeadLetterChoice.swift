package import FunctionModel

/// Which of a function's dead letters are meant.
package enum DeadLetterChoice: Hashable, Sendable {
    /// Those that died at this Unix time or later, oldest first; 0 for all.
    case since(milliseconds: Int, limit: Int)
    /// At most 1,000.
    case ids([InvocationID])
}
