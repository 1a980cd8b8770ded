private import CLinux
package import LinuxSystem

/// What tells every init that this process has been killed, some milliseconds before the connections to it end: a kernel
/// takes back a process's memory before it closes its sockets. Handlers that have ended meanwhile would be run again, since
/// nobody has heard their answers.
package final class Lifeline: Sendable {
    private let descriptor: OwnedDescriptor

    /// Takes a descriptor that hangs up at the end of this process.
    package init(_ descriptor: OwnedDescriptor) { self.descriptor = descriptor }

    /// That of this process; there should be one. Its thread lives until the process ends.
    ///
    /// - Returns: nil where a filter of system calls forbids it. Inits then wait for the end of their connections.
    package static func ofThisProcess() -> Lifeline? {
        let descriptor = clinux_lifeline()
        return descriptor >= 0 ? Lifeline(OwnedDescriptor(owning: descriptor)) : nil
    }

    /// Sends it on a connection on which nothing else has been sent, so that it cannot be torn apart.
    func pass(over socket: OwnedDescriptor) {
        let frame = InitCommandEncoder.lifeline()
        var passed = descriptor.raw
        // A failure shows as the end of the connection.
        _ = clinux_send(socket.raw, frame, frame.count, &passed, 1)
    }
}
