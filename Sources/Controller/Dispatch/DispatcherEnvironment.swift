import ContainerEngine
import DispatchCore
import FunctionModel
import Observability

/// What the dispatcher asks of the rest of the controller. The closures are called on the event loop and return at once.
struct DispatcherEnvironment: Sendable {
    /// Starts a worker; the answer comes as ``SupervisorEvent``s.
    var startWorker: @Sendable (WorkerID, FunctionVersion, CurrentInvocation) -> Void
    /// Stops a worker: SIGTERM, then SIGKILL after the grace, then the container is removed.
    var stopWorker: @Sendable (WorkerID, WorkerStopReason) -> Void
    /// Asks init for one more connection to an `http` handler.
    var connectWorker: @Sendable (WorkerID) -> Void
    /// Reads a container's memory; a few microseconds.
    var memory: @Sendable (RunningContainer) -> MemoryReading?
    var engineIsAvailable: @Sendable () -> Bool
    /// Takes records of ended invocations.
    var record: @Sendable ([InvocationRecord]) -> Void
    /// Takes what becomes of versions.
    var functionEvent: @Sendable (FunctionEvent) -> Void
    /// Unix time in milliseconds.
    var unixMilliseconds: @Sendable () -> Int64
}

/// What the catalogue has to hear of a version.
enum FunctionEvent: Sendable {
    case activated(FunctionVersion)
    case rejected(FunctionVersion, InvocationFailure)
    case delayed(FunctionVersion, InvocationFailure)
    case removed(FunctionName)
}
