package import FunctionModel

/// What became of an event that was handed in for a topic. The texts are ids of events, not of invocations.
package enum PublishOutcome: Hashable, Sendable {
    /// Without invocations it waits in a pull queue.
    ///
    /// The sequence grows with the events of a topic whose name ends in `.fifo`; of others it is nil.
    case accepted(event: String, [Invocation], sequence: Int? = nil)
    case repeated(event: String, sequence: Int? = nil)
    /// As ``EnqueueOutcome/known``.
    case known
    /// Its key belongs to this one, whose body differs.
    case mismatch(event: String)

    /// One subscriber's part.
    package struct Invocation: Hashable, Sendable {
        package let id: InvocationID
        package let function: FunctionName

        package init(id: InvocationID, function: FunctionName) {
            self.id = id
            self.function = function
        }
    }
}
