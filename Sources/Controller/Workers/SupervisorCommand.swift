import DispatchCore
import FunctionModel

/// What the dispatcher asks of the supervisor. The commands are taken in their order, so that a stop never overtakes the
/// start that it calls off.
enum SupervisorCommand: Sendable {
    /// Answered by ``SupervisorEvent``s.
    case start(StartRequest)
    /// SIGTERM, then SIGKILL after the grace, then the container is removed.
    case stop(WorkerID, WorkerStopReason)
    /// All workers that could be given up for this one have been stopped; the answer to `memoryShort`.
    case looked(WorkerID)
    /// One more connection to an `http` handler.
    case connect(WorkerID)
}
