import CLinux
import LinuxSystem

/// A pipe for what a child prints.
struct OutputPipe {
    let readEnd: OwnedDescriptor
    /// Given up once the child has it.
    var writeEnd: OwnedDescriptor?

    init() throws(RedisProcessError) {
        var ends: (read: Int32, write: Int32) = (-1, -1)
        guard clinux_pipe(&ends.read, &ends.write) == 0 else {
            throw .system("A pipe cannot be made", clinux_errno(), .system)
        }
        readEnd = OwnedDescriptor(owning: ends.read)
        writeEnd = OwnedDescriptor(owning: ends.write)
    }

    /// What nobody reads in time is lost, rather than that it stops the child.
    func neverBlockWriter() {
        guard let writeEnd else { return }
        clinux_set_pipe_capacity(writeEnd.raw, 256 << 10)
        _ = clinux_set_nonblocking(writeEnd.raw)
    }
}
