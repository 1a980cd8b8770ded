internal import CLinux
import Glibc
import LinuxSystem

/// Takes bytes and descriptors off a connected socket.
enum SocketReader {
    /// What one call brought. The bytes lie in the caller's buffer.
    struct Received {
        let bytes: UnsafeRawBufferPointer
        let descriptors: [OwnedDescriptor]
    }

    /// Nil when nothing is there now; throws at the end of the stream.
    static func receive(
        from socket: OwnedDescriptor, into scratch: UnsafeMutableRawBufferPointer
    ) throws(InitLinkError) -> Received? {
        let capacity = Int(GLO_DESCRIPTORS_MAX)
        var descriptors: [OwnedDescriptor] = []
        var truncated = false
        var count = 0
        var systemError: Int32 = 0
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: capacity) { raw in
            var came = capacity
            count = clinux_receive(
                socket.raw, scratch.baseAddress, scratch.count, raw.baseAddress, &came, &truncated)
            systemError = count < 0 ? clinux_errno() : 0
            if count >= 0 { descriptors = raw.prefix(came).map { OwnedDescriptor(owning: $0) } }
        }
        if count < 0 {
            if systemError == EAGAIN { return nil }
            throw InitLinkError(.peerGone, "the connection of init broke", systemError: systemError)
        }
        if count == 0 { throw InitLinkError(.peerGone, "init closed the connection") }
        if truncated { throw .violation("passed too many descriptors at once") }
        return Received(bytes: UnsafeRawBufferPointer(rebasing: scratch[..<count]), descriptors: descriptors)
    }
}
