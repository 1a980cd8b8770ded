import ContainerEngine
import DispatchCore
import FunctionModel
import Observability

/// What the dispatcher asks of the rest of the controller. The closures are called on the event loop and return at once.
struct DispatcherEnvironment: Sendable {
    /// Asks something of the supervisor; commands are carried out in their order.
    var command: @Sendable (SupervisorCommand) -> Void
    /// Reads a container's memory; a few microseconds.
    var memory: @Sendable (RunningContainer) -> MemoryReading?
    /// Counts a container's processes.
    var processes: @Sendable (RunningContainer) -> ProcessCount? = { _ in nil }
    /// Bytes that a container uses, at the least cost: a number up to the given one may be too high.
    var usage: @Sendable (RunningContainer, Int) -> Int?
    /// Why no worker can be started; nil when nothing is known against it.
    var engineProblem: @Sendable () -> String?
    /// Takes records of ended invocations.
    var record: @Sendable ([InvocationRecord]) -> Void
    /// Takes what was noted down of invocations whose traces are recorded.
    var trace: @Sendable ([InvocationTrace]) -> Void
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
    /// What names its versions has changed, or a version without a name any more has ended.
    case renamed(FunctionName)
}
