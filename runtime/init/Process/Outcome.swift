import CLibrary
import CLinux

/// How a process, or a whole worker, ended and what it used: the part that EXITED and EXIT share.
struct Outcome {
    /// GLO_END_*
    var how: Int32 = GLO_END_EXITED
    var code: Int32 = 0
    /// GLO_END_FLAG_* bits
    var flags: Int32 = 0
    var peakMemoryBytes: UInt64 = 0
    var userMicroseconds: UInt64 = 0
    var systemMicroseconds: UInt64 = 0

    init() {}

    init(_ end: clinux_end, flags: Int32) {
        how = end.signalled ? GLO_END_SIGNALLED : GLO_END_EXITED
        code = end.code
        self.flags = flags
        peakMemoryBytes = UInt64(max(end.peak_memory_bytes, 0))
        userMicroseconds = UInt64(max(end.user_microseconds, 0))
        systemMicroseconds = UInt64(max(end.system_microseconds, 0))
    }

    /// Adds what one more run used.
    mutating func absorb(_ run: Outcome) {
        peakMemoryBytes = max(peakMemoryBytes, run.peakMemoryBytes)
        userMicroseconds += run.userMicroseconds
        systemMicroseconds += run.systemMicroseconds
        flags |= run.flags & GLO_END_FLAG_OUT_OF_MEMORY
    }

    func write(to body: inout ByteWriter, stage: Int32) {
        body.write(UInt8(how))
        body.write(UInt8(flags))
        body.write(UInt8(stage))
        body.write(UInt8(0))
        body.write(code)
        body.write(peakMemoryBytes)
        body.write(userMicroseconds)
        body.write(systemMicroseconds)
    }
}
