import CLinux
import FunctionModel
import NIOCore

/// Writes the frames that go to a slot of an `exec` worker.
struct ExecRunWriter: ~Copyable {
    private let context: WorkerContext
    private var block = ByteAssembler()

    init(context: WorkerContext) { self.context = context }

    struct Message {
        var bytes: ByteBuffer
        /// Standard input that follows; nil when there is none or it has been copied.
        var input: ByteBuffer?
    }

    /// Bodies up to this length are copied behind the frame's head, so that one write carries both.
    private static let copiedBytes = 16_384

    /// A RUN frame, or the sentence that says why there can be none.
    mutating func run(_ invocation: Invocation, run: UInt32) -> Result<Message, InvocationFailure> {
        block.clear()
        ExecEnvironment.write(invocation, context: context, into: &block)
        guard block.count <= Int(GLO_RUN_ENVIRONMENT_MAX) else {
            return .failure(InvocationFailure(.headersTooLarge, "The request does not fit into an environment."))
        }
        let input: ByteBuffer =
            switch invocation.input {
            case .http(let event): event.body
            case .direct(let bytes): bytes
            }
        let length = 4 + block.count + input.readableBytes
        guard length <= Int(GLO_RUN_PAYLOAD_MAX) else {
            return .failure(InvocationFailure(.bodyTooLarge, "The body does not fit into a run's input."))
        }
        var buffer = ByteBufferAllocator().buffer(capacity: 16 + block.count + Self.copiedBytes)
        Self.writeHeader(length: length, type: GLO_FRAME_RUN, run: run, into: &buffer)
        buffer.writeInteger(UInt32(block.count), endianness: .little)
        buffer.writeBytes(block.bytes)
        guard input.readableBytes > Self.copiedBytes else {
            buffer.writeImmutableBuffer(input)
            return .success(Message(bytes: buffer, input: nil))
        }
        return .success(Message(bytes: buffer, input: input))
    }

    static func cancel(run: UInt32) -> ByteBuffer {
        var buffer = ByteBuffer()
        writeHeader(length: 0, type: GLO_FRAME_CANCEL, run: run, into: &buffer)
        return buffer
    }

    private static func writeHeader(length: Int, type: Int32, run: UInt32, into buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt32(length), endianness: .little)
        buffer.writeInteger(UInt8(truncatingIfNeeded: type))
        buffer.writeRepeatingByte(0, count: 3)
        buffer.writeInteger(run, endianness: .little)
    }
}
