import CLibrary
import CLinux

/// Gives a run its standard input. What the pipe does not take waits in an anonymous file, so that the slot's socket
/// can always be read on: a CANCEL may be behind.
struct InputFeed: ~Copyable {
    /// The pipe for large inputs: fewer turns of the loop.
    private static let largePipe: Int32 = 256 << 10

    private var pipe: Descriptor
    private var spool = Descriptor()
    private var spoolStart = 0
    private var spoolEnd = 0
    private var isComplete = false

    /// Takes over the writing end of the pipe.
    init(_ pipe: consuming Descriptor, expecting count: Int) {
        if count > 65536 { clinux_set_pipe_capacity(pipe.raw, Self.largePipe) }
        self.pipe = pipe
    }

    /// For poll: the pipe when something waits for room in it, else -1.
    var waitingDescriptor: Int32 { spoolEnd > spoolStart ? pipe.raw : -1 }

    /// Takes the next bytes. Returns 0, or the `errno` when they can be kept nowhere.
    mutating func take(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        guard pipe.isOpen else { return 0 }
        var rest = bytes
        if spoolEnd == spoolStart { rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(write(rest))) }
        guard pipe.isOpen, !rest.isEmpty else { return 0 }
        return keep(rest)
    }

    /// No more bytes will come.
    mutating func complete() {
        isComplete = true
        if spoolEnd == spoolStart { close() }
    }

    /// The pipe has room.
    mutating func pump(_ context: InitContext) {
        while pipe.isOpen, spoolEnd > spoolStart {
            let wanted = min(InitContext.scratchLength, spoolEnd - spoolStart)
            let count = pread(spool.raw, context.scratch, wanted, spoolStart)
            guard count > 0 else { return close() }
            let written = write(UnsafeRawBufferPointer(start: context.scratch, count: count))
            spoolStart += written
            if written < count { break }
        }
        if spoolEnd == spoolStart, spool.isOpen {
            // Its memory counts against the container's.
            spool.close()
            spoolStart = 0
            spoolEnd = 0
        }
        if spoolEnd == spoolStart, isComplete { close() }
    }

    mutating func close() {
        pipe.close()
        spool.close()
        spoolStart = 0
        spoolEnd = 0
    }

    /// The number of bytes that the pipe took. A handler that has closed its end gets no more: that is its right.
    private mutating func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        var written = 0
        while written < bytes.count {
            let count = CLibrary.write(pipe.raw, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            if count > 0 {
                written += count
                continue
            }
            let error = clinux_errno()
            if error == EINTR { continue }
            if error != EAGAIN { close() }
            break
        }
        return written
    }

    private mutating func keep(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        if !spool.isOpen { spool = Descriptor(owning: clinux_memory_file("stdin")) }
        guard spool.isOpen else { return clinux_errno() }
        var done = 0
        while done < bytes.count {
            let count = pwrite(spool.raw, bytes.baseAddress.map { $0 + done }, bytes.count - done, spoolEnd)
            if count > 0 {
                done += count
                spoolEnd += count
            } else if clinux_errno() != EINTR {
                return clinux_errno()
            }
        }
        return 0
    }
}
