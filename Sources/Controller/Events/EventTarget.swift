import DispatchCore
import FunctionModel

/// The pool in which an event shall run, chosen once while the names of the function's versions stay.
struct EventTarget {
    let function: DeployedFunction
    /// The alias that led there; nil for the version that serves.
    let qualifier: String?
    /// Whether the alias shares its invocations out among several versions.
    let isShared: Bool
    /// See ``VersionNames/generation``.
    let generation: Int

    /// Whether the event may begin now. One of several versions that does not start answers with its failure, since the
    /// next attempt may go to another; all else waits for it as for the version that serves.
    func takes(now: MonotonicTime) -> Bool {
        function.pool.eventRoom(now: now) > 0 || isShared && function.pool.isFailing(now: now)
    }
}
