import FunctionModel
import NIOCore

/// Writes an invocation as one line for a `stdio` handler.
struct StdioEventWriter: ~Copyable {
    private let encoder: LambdaEventEncoder
    private var line = ByteAssembler()

    init(context: WorkerContext) { encoder = LambdaEventEncoder(function: context.function) }

    mutating func write(_ invocation: Invocation) -> ByteBuffer {
        line.clear()
        switch (invocation.input, invocation.payload) {
        case (.http(let event), .event): encoder.encode(event, of: invocation, into: &line)
        case (.http(let event), .raw): addPlain(event.body)
        case (.direct(let bytes), _): addPlain(bytes)
        }
        line.append(UInt8(ascii: "\n"))
        return ByteBuffer(bytes: line.bytes)
    }

    /// Line ends can only stand between the tokens of JSON, where a blank means the same.
    private mutating func addPlain(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return line.append("{}") }
        bytes.withUnsafeReadableBytes { source in
            line.append(length: source.count) { target in
                for index in 0..<source.count {
                    let byte = source[index]
                    target[index] = byte == 0x0a || byte == 0x0d ? 0x20 : byte
                }
            }
        }
    }
}
