import ContainerEngine
import InitLink
import LinuxSystem

/// What happens in a claimed sandbox, in this order: `startFailed`; or `started`, then `connected` and `connectFailed`
/// as they come, then `exited`. `closed` is last, and may be the only one.
enum SandboxEvent: Sendable {
    case started(processID: Int32, descriptors: [OwnedDescriptor], container: RunningContainer?)
    case startFailed(StartFailure)
    case connected([OwnedDescriptor])
    case connectFailed(Int32)
    case exited(ExitReport)
    case closed(InitLinkError?)
}
