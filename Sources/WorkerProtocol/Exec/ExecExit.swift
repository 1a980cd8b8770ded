import CLinux
import FunctionModel
import NIOCore

/// How a run of an `exec` handler ended.
struct ExecExit: Equatable {
    enum How: Equatable {
        case exited(code: Int32)
        case signalled(Int32)
        case notStarted(stage: UInt8, errno: Int32)
    }

    var how: How
    var isOutOfMemory: Bool
    var peakMemoryBytes: UInt64
    var userMicroseconds: UInt64
    var systemMicroseconds: UInt64
    /// The last bytes of standard error, or why the command could not be started.
    var tail: String

    /// Reads the payload of an EXIT frame; nil when it makes no sense.
    init?(_ payload: inout ByteBuffer) {
        guard let how = payload.readInteger(as: UInt8.self), let flags = payload.readInteger(as: UInt8.self),
            let stage = payload.readInteger(as: UInt8.self), payload.readInteger(as: UInt8.self) != nil,
            let code = payload.readInteger(endianness: .little, as: Int32.self),
            let peak = payload.readInteger(endianness: .little, as: UInt64.self),
            let user = payload.readInteger(endianness: .little, as: UInt64.self),
            let system = payload.readInteger(endianness: .little, as: UInt64.self)
        else { return nil }
        switch Int32(how) {
        case GLO_END_EXITED: self.how = .exited(code: code)
        case GLO_END_SIGNALLED: self.how = .signalled(code)
        case GLO_END_NOT_STARTED: self.how = .notStarted(stage: stage, errno: code)
        default: return nil
        }
        isOutOfMemory = Int32(flags) & GLO_END_FLAG_OUT_OF_MEMORY != 0
        peakMemoryBytes = peak
        userMicroseconds = user
        systemMicroseconds = system
        tail = String(decoding: payload.readableBytesView, as: UTF8.self)
    }

    /// Why there is no result; nil when the run succeeded.
    var failure: InvocationFailure? {
        // Whatever the exit code: a command may hide that the kernel ended a child of it.
        if isOutOfMemory {
            return InvocationFailure(.outOfMemory, "The command ran out of memory.\(stderr)")
        }
        switch how {
        case .exited(code: 0): return nil
        case .exited(let code):
            return InvocationFailure(.handlerFailed, "The command exited with code \(code).\(stderr)")
        case .signalled(let signal):
            return InvocationFailure(
                .handlerFailed, "The command was ended by signal \(signal) (\(SignalName.of(signal))).\(stderr)")
        case .notStarted:
            return InvocationFailure(
                .handlerInitFailed,
                "The command could not be started: \(tail.isEmpty ? "init gave no reason." : tail)")
        }
    }

    /// The last lines of standard error, after a blank; at most ten.
    private var stderr: String {
        let lines = tail.split(whereSeparator: \.isNewline).suffix(10)
        guard !lines.isEmpty else { return "" }
        return " The end of its standard error: \(lines.joined(separator: "\n"))"
    }
}
