import CLinux
import Glibc
import InitLink
import LinuxSystem

/// The controller's end of an exec slot, as a test drives it.
final class SlotClient {
    struct Result {
        var output: [UInt8] = []
        var report: ExitReport?
        var failure: StartFailure?
        var standardErrorTail: [UInt8] = []

        var text: String { String(decoding: output, as: UTF8.self) }
    }

    struct Closed: Error {}

    let socket: OwnedDescriptor
    private var decoder = ExecFrameDecoder()
    private var outgoing: ArraySlice<UInt8> = []

    init(_ socket: OwnedDescriptor) { self.socket = socket }

    /// Runs the command and waits for its end.
    func run(_ id: UInt32 = 1, environment: [(name: String, value: String)] = [], input: [UInt8] = []) throws -> Result
    {
        send(ExecFrameEncoder.run(id, environment: environment, standardInput: input))
        return try finish(id)
    }

    func send(_ bytes: [UInt8]) { outgoing.append(contentsOf: bytes) }

    /// Sends what is to be sent and collects until EXIT.
    func finish(_ id: UInt32 = 1) throws -> Result {
        var result = Result()
        while true {
            switch try next() {
            case .output(id, let bytes): result.output.append(contentsOf: bytes)
            case .ended(id, let report, let tail):
                result.report = report
                result.standardErrorTail = Array(tail)
                try flush()
                return result
            case .notStarted(id, let failure):
                result.failure = failure
                try flush()
                return result
            default: throw Closed()
            }
        }
    }

    /// The next frame; sends meanwhile.
    func next() throws -> ExecFrame {
        while true {
            if let frame = try decoder.next() { return frame }
            try wait(socket, outgoing.isEmpty ? POLLIN : POLLIN | POLLOUT)
            sendSome()
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            let count = buffer.withUnsafeMutableBytes { read(socket.raw, $0.baseAddress, $0.count) }
            if count == 0 { throw Closed() }
            if count > 0 { decoder.append(buffer[..<count]) }
        }
    }

    /// Sends everything.
    func flush() throws {
        while !outgoing.isEmpty {
            try wait(socket, POLLOUT)
            sendSome()
        }
    }

    private func sendSome() {
        let count = outgoing.withUnsafeBytes { clinux_send(socket.raw, $0.baseAddress, $0.count, nil, 0) }
        if count > 0 { outgoing = outgoing.dropFirst(count) }
    }
}
