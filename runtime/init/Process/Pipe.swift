import CLibrary
import CLinux

/// A new pipe; both ends are closed with it unless they are taken.
struct Pipe: ~Copyable {
    var readEnd: Descriptor
    var writeEnd: Descriptor

    init() throws(StartFailure) {
        var read: Int32 = -1
        var write: Int32 = -1
        guard clinux_pipe(&read, &write) == 0 else {
            throw StartFailure(GLO_STAGE_DESCRIPTORS, clinux_errno(), "cannot make a pipe")
        }
        readEnd = Descriptor(owning: read)
        writeEnd = Descriptor(owning: write)
    }

    /// The reading end as init's own, non-blocking.
    mutating func takeReadEnd() -> Descriptor {
        _ = clinux_set_nonblocking(readEnd.raw)
        return Descriptor(owning: readEnd.take())
    }

    /// The writing end as init's own, non-blocking.
    mutating func takeWriteEnd() -> Descriptor {
        _ = clinux_set_nonblocking(writeEnd.raw)
        return Descriptor(owning: writeEnd.take())
    }
}
