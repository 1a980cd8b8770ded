import ContainerEngine
import DispatchCore
import FunctionModel
import InitLink
import LinuxSystem

/// What the supervisor reports of a worker. Descriptors are owned by whoever holds the event.
enum SupervisorEvent: Sendable {
    /// The handler's process runs; its first descriptors are here.
    case started(WorkerID, pid: Int32, descriptors: [OwnedDescriptor], container: RunningContainer)
    /// One more connection to an `http` handler.
    case connected(WorkerID, [OwnedDescriptor])
    case connectFailed(WorkerID, reason: String)
    /// The handler could not be started, for a reason of its own.
    case startFailed(WorkerID, InvocationFailure)
    /// No container could be had.
    case denied(WorkerID, InvocationFailure)
    /// The memory budget is used up; this many bytes have to be freed for the worker. Answered by `looked`.
    case memoryShort(WorkerID, bytes: Int)
    case exited(WorkerID, WorkerExit)
}
