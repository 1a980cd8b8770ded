package import FunctionModel

/// Told what a worker does; always on the worker's event loop, and never any more after `close()` or `broke`.
///
/// Any of these may call back into the channel: it has finished its own bookkeeping before it calls.
package protocol WorkerChannelDelegate: AnyObject {
    /// The worker may take its first invocation. Once, and never during the channel's construction.
    func workerReady(_ worker: WorkerChannel)

    /// The next part of the answer to an invocation. After a final reply none follows, and none follows a cancel.
    func worker(_ worker: WorkerChannel, reply: InvocationReply, to id: InvocationID)

    /// The slot of this invocation is free again. Exactly once for each invocation unless the channel breaks or is
    /// closed before; after the final reply, or after a cancel. May come from within ``WorkerChannel/cancel(_:)``.
    func worker(_ worker: WorkerChannel, finished id: InvocationID)

    /// The handler said that it cannot start (lambda's `/init/error`). It will exit on its own.
    func worker(_ worker: WorkerChannel, initFailed failure: InvocationFailure)

    /// http: one more connected descriptor is wanted. Answer with ``WorkerChannel/adopt(descriptors:)`` or with
    /// ``WorkerChannel/connectFailed(_:)``.
    func workerNeedsConnection(_ worker: WorkerChannel)

    /// The handler broke its contract, or its descriptors are gone: the channel is closed and nobody is called any
    /// more. Invocations that were running have had NO final reply: the caller gives them one, since it knows, or
    /// soon knows, how the process ended.
    func worker(_ worker: WorkerChannel, broke failure: InvocationFailure)

    /// Something for the log.
    func worker(_ worker: WorkerChannel, event: WorkerEvent)
}
