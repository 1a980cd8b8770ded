package import FunctionModel

/// What became of an event that was handed in for one function.
package enum EnqueueOutcome: Hashable, Sendable {
    case accepted(InvocationID)
    /// It, or another one with its key and body, is known under this id.
    case repeated(InvocationID)
    /// It is known, and nothing shows that whoever sends it is the one of before, who alone may learn the id.
    case known
    /// Its key belongs to this one, whose body differs.
    case mismatch(InvocationID)
}
