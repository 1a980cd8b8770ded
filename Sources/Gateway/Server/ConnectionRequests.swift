import Glibc
import NIOCore

/// A packet filter on a listener that drops requests for new connections. Their clients ask again a second later, and by
/// then they are refused, or a next controller takes them. What is set up already is not touched.
enum ConnectionRequests {
    /// One instruction of classic BPF, `sock_filter` in linux/filter.h.
    private struct Instruction: Sendable {
        var code: UInt16
        var ifTrue: UInt8 = 0
        var ifFalse: UInt8 = 0
        var operand: UInt32
    }

    /// `sock_fprog` in linux/filter.h.
    private struct Program: Sendable {
        var count: UInt16
        /// The address of the first.
        var instructions: UInt
    }

    private static let attachFilter: CInt = 26
    /// On a TCP socket, the filter sees the packet from its TCP header on: byte 13 has the flags.
    private static let instructions = [
        // load a byte; and; jump if equal; return so many bytes of the packet
        Instruction(code: 0x30, operand: 13), Instruction(code: 0x54, operand: 0x12),
        Instruction(code: 0x15, ifTrue: 0, ifFalse: 1, operand: 0x02), Instruction(code: 0x06, operand: 0),
        Instruction(code: 0x06, operand: .max),
    ]

    /// Must be called on the channel's loop. Other sockets than TCP's have no such packets, and nothing happens.
    static func drop(at listener: any Channel) {
        switch listener.localAddress {
        case .v4, .v6: break
        case .unixDomainSocket, nil: return
        }
        guard let sockets = listener as? any SocketOptionProvider else { return }
        var instructions = instructions
        instructions.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            let program = Program(count: UInt16(buffer.count), instructions: UInt(bitPattern: base))
            // On the loop the option is set before the call returns, so the pointer need not live longer.
            sockets.unsafeSetSocketOption(level: SocketOptionLevel(SOL_SOCKET), name: attachFilter, value: program)
                .whenComplete { _ in }
        }
    }
}
