import CLibrary
import CLinux

/// What every part of the program shares. There is one thread, so nothing is guarded.
final class InitContext {
    /// Size of the scratch memory: the largest OUT payload.
    static let scratchLength = Int(GLO_OUT_PAYLOAD_MAX)

    let control: ControlLink
    /// GLO_MODE_*
    let mode: Int32
    /// Memory for one read; nothing in it outlives the call that filled it.
    let scratch: UnsafeMutableRawPointer
    let memoryKills: OutOfMemoryCounter
    /// Monotonic nanoseconds, taken once a turn of the loop.
    var now: Int64

    init(control: ControlLink, mode: Int32) {
        self.control = control
        self.mode = mode
        scratch = UnsafeMutableRawPointer.allocate(byteCount: Self.scratchLength, alignment: 16)
        memoryKills = OutOfMemoryCounter(isInContainer: mode == GLO_MODE_CONTAINER)
        now = clinux_monotonic_nanoseconds()
    }

    /// Whether this is PID 1 of a container, to which every process belongs.
    var ownsAllProcesses: Bool { mode == GLO_MODE_CONTAINER && getpid() == 1 }

    /// The moment so many milliseconds from now.
    func deadline(milliseconds: Int) -> Int64 { now + Int64(milliseconds) * 1_000_000 }

    /// Reads what is there into the scratch memory, at most `limit` bytes: the bytes, empty at the end of the stream,
    /// nil when there is nothing now.
    func read(_ descriptor: Int32, limit: Int = InitContext.scratchLength) -> UnsafeRawBufferPointer? {
        while true {
            let count = CLibrary.read(descriptor, scratch, min(limit, Self.scratchLength))
            if count >= 0 { return UnsafeRawBufferPointer(start: scratch, count: count) }
            let error = clinux_errno()
            if error == EINTR { continue }
            // Any error but "nothing now" ends a stream.
            return error == EAGAIN ? nil : UnsafeRawBufferPointer(start: scratch, count: 0)
        }
    }
}
