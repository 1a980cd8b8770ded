/// A control frame from init, decoded. Its meaning is checked by ``InitSession``.
package enum InitFrame: Hashable, Sendable {
    case hello(InitHello)
    case descriptors(worker: UInt32, kind: DescriptorKind, count: Int, port: UInt16)
    case started(worker: UInt32, processID: Int32)
    case startFailed(worker: UInt32, StartFailure)
    case exited(worker: UInt32, ExitReport)
    case output(worker: UInt32, OutputLine)
    case outputDropped(worker: UInt32, lines: UInt64, bytes: UInt64)
    case connectFailed(worker: UInt32, systemError: Int32)
}
