import CLinux
import NIOCore

/// A frame that init sends on a slot of an `exec` worker; `glo_init_protocol.h` says what each holds.
enum ExecFrame {
    case output(run: UInt32, ByteBuffer)
    case exit(run: UInt32, ExecExit)
}

/// Cuts the bytes of a slot into frames.
struct ExecFrameParser {
    enum Problem: Error, Equatable {
        case unknownType(UInt8)
        case invalidLength(type: UInt8, Int)
    }

    private static let headerLength = Int(GLO_FRAME_HEADER_LENGTH)
    private static let exitLengths =
        Int(GLO_EXIT_FIXED_LENGTH)...Int(GLO_EXIT_FIXED_LENGTH) + Int(GLO_STDERR_TAIL_MAX)
    private static let outputLengths = 1...Int(GLO_OUT_PAYLOAD_MAX)

    private var buffer = ByteBuffer()

    mutating func append(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 { buffer = bytes } else { buffer.writeImmutableBuffer(bytes) }
    }

    /// The next whole frame, or nil when more bytes are needed.
    mutating func next() throws(Problem) -> ExecFrame? {
        let start = buffer.readerIndex
        guard let length = buffer.getInteger(at: start, endianness: .little, as: UInt32.self).map(Int.init),
            let type = buffer.getInteger(at: start + 4, as: UInt8.self),
            let run = buffer.getInteger(at: start + 8, endianness: .little, as: UInt32.self)
        else { return nil }
        let allowed: ClosedRange<Int>
        switch Int32(type) {
        case GLO_FRAME_OUT: allowed = Self.outputLengths
        case GLO_FRAME_EXIT: allowed = Self.exitLengths
        default: throw .unknownType(type)
        }
        guard allowed.contains(length) else { throw .invalidLength(type: type, length) }
        guard buffer.readableBytes >= Self.headerLength + length else { return nil }
        buffer.moveReaderIndex(forwardBy: Self.headerLength)
        var payload = buffer.readSlice(length: length) ?? ByteBuffer()
        if buffer.readableBytes == 0 { buffer = ByteBuffer() }
        guard Int32(type) == GLO_FRAME_EXIT else { return .output(run: run, payload) }
        guard let exit = ExecExit(&payload) else { throw .invalidLength(type: type, length) }
        return .exit(run: run, exit)
    }
}
