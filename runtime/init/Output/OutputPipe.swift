import CLibrary
import CLinux

/// Init's end of a handler's stdout or stderr that becomes log lines. It is always read, so no handler ever waits
/// for its log.
final class OutputPipe {
    private let stream: Int32
    private let run: UInt32
    private let log: LogSink
    private var pipe: Descriptor
    private var splitter: LineSplitter
    private(set) var tail: TailBuffer
    /// When a line that is left open is given out; `Int64.max` when none is.
    private(set) var deadline = Int64.max
    /// A handler that leaves its line open for so long writes the rest in another invocation, perhaps.
    private static let pauseMilliseconds = 50

    /// Takes over the pipe's end.
    /// - Parameter tailLength: how many of the last bytes to keep.
    init(_ pipe: consuming Descriptor, stream: Int32, run: UInt32 = 0, log: LogSink, tailLength: Int = 0) {
        self.pipe = pipe
        self.stream = stream
        self.run = run
        self.log = log
        splitter = LineSplitter(limit: log.lineBytes)
        tail = TailBuffer(limit: tailLength)
    }

    var descriptor: Int32 { pipe.raw }

    /// Takes what one read brings.
    func receive(_ context: InitContext) {
        guard pipe.isOpen, let bytes = context.read(pipe.raw) else { return }
        if bytes.isEmpty { return end() }
        take(bytes)
        deadline = splitter.isOpen ? context.deadline(milliseconds: Self.pauseMilliseconds) : Int64.max
    }

    /// Gives out a line that has been open for too long.
    func tick(_ now: Int64) {
        guard now >= deadline else { return }
        deadline = Int64.max
        splitter.cut { log.take($0, stream: stream, run: run, continues: $1) }
    }

    /// Takes what is there at the end of the process, and not what its stray children go on writing.
    func drain(_ context: InitContext) {
        var left = pipe.isOpen ? Int(clinux_readable_bytes(pipe.raw)) : 0
        while left > 0, let bytes = context.read(pipe.raw, limit: left), !bytes.isEmpty {
            take(bytes)
            left -= bytes.count
        }
        end()
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        tail.append(bytes)
        splitter.take(bytes) { log.take($0, stream: stream, run: run, continues: $1) }
    }

    private func end() {
        deadline = Int64.max
        splitter.finish { log.take($0, stream: stream, run: run, continues: $1) }
        pipe.close()
    }
}
