package import FunctionModel

/// What the owner of a ``FunctionPool`` has to carry out, in order.
package enum PoolAction: Sendable {
    /// Start a worker of this version; answer with `workerReady`, `workerStartFailed` or `workerStartDenied`.
    case start(WorkerID, version: Int)
    /// Stop a worker; answer with `workerGone` when its process has ended.
    case stop(WorkerID, WorkerStopReason)
    /// Hand an invocation to a worker.
    case assign(InvocationID, WorkerID)
    /// Answer an invocation with a failure; the pool has forgotten it.
    case fail(InvocationID, InvocationFailure)
    /// Traffic goes to this version from now on.
    case activated(version: Int)
    /// This version could not start and is given up; traffic stays with (or returned to) the other one.
    case rejected(version: Int, InvocationFailure)
    /// The new version's workers cannot be started right now, for a reason that is not its own; it is tried again.
    case delayed(version: Int, InvocationFailure)
    /// Every worker of a removed function is gone.
    case drained
}
