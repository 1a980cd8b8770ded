package import LinuxSystem

/// What happens on the connection to one init. All calls come on the hub's thread, one after the other: do little and
/// never wait there. After ``initClosed(_:)``, which comes exactly once, there are no more.
///
/// What arrives has been checked against what was asked for: an init that speaks of a worker that was never started,
/// or sends other descriptors than the contract has, is cut off.
package protocol InitConnectionDelegate: AnyObject, Sendable {
    /// Init is there and speaks the right version.
    func initConnected(_ hello: InitHello)

    /// Descriptors of a worker, non-blocking and close-on-exec. They come before ``initStarted(worker:processID:)`` or
    /// ``initStartFailed(worker:failure:)``, connections to an http server after it. What nobody takes is closed.
    /// - Parameter port: where the handler listens or polls on 127.0.0.1, 0 for exec and stdio.
    func initReceived(descriptors: [OwnedDescriptor], kind: DescriptorKind, worker: UInt32, port: UInt16)

    /// The handler's process exists; for exec: the slots take runs (`processID` is 0).
    func initStarted(worker: UInt32, processID: Int32)

    /// There will be no such worker.
    func initStartFailed(worker: UInt32, failure: StartFailure)

    /// The worker has ended; the last call about it.
    func initExited(worker: UInt32, report: ExitReport)

    /// A line that the handler wrote.
    func initOutput(worker: UInt32, line: OutputLine)

    /// Lines that were too many, or came while the controller did not read.
    func initOutputDropped(worker: UInt32, lines: UInt64, bytes: UInt64)

    /// An http worker did not take a connection in time.
    func initConnectFailed(worker: UInt32, systemError: Int32)

    /// The connection is gone and with it every worker of this init.
    /// - Parameter error: nil when this side closed it.
    func initClosed(_ error: InitLinkError?)
}
