import ContainerEngine
import DispatchCore
import FunctionModel
import InitLink
import LinuxSystem
import NIOCore
import WorkerProtocol

/// What the dispatcher knows of one worker. Lives on the data plane's event loop.
final class WorkerEntry {
    let id: WorkerID
    /// The id as text, made once.
    let label: String
    let function: DeployedFunction
    let version: FunctionVersion
    let startedAt: MonotonicTime
    /// What its lines of output belong to.
    let current = CurrentInvocation()
    var readyAt: MonotonicTime?
    /// The handler's protocol; nil until its descriptors have arrived.
    var channel: WorkerChannel?
    /// Whether the channel can take work.
    var channelIsReady = false
    /// Whether the server of an `http` handler has taken a connection.
    var isConnected = false
    /// Connections that came before the channel was made.
    var earlyConnections: [OwnedDescriptor] = []
    /// The process id as init sees it.
    var pid: Int32?
    var container: RunningContainer?
    var peakMemoryBytes: Int?
    var memorySampledAt: MonotonicTime?
    var memoryWatch: MemoryWatch
    /// Why the channel gave up, until the exit report says more.
    var breakage: InvocationFailure?
    var stopReason: WorkerStopReason?
    /// Fires when the handler does not become ready in time.
    var initTimer: Scheduled<Void>?
    var served = 0
    /// Lines of the log that its handler causes.
    var notes = LogAllowance()

    init(id: WorkerID, function: DeployedFunction, version: FunctionVersion, startedAt: MonotonicTime) {
        self.id = id
        self.label = id.description
        self.function = function
        self.version = version
        memoryWatch = MemoryWatch(version.manifest.limits)
        self.startedAt = startedAt
    }
}
