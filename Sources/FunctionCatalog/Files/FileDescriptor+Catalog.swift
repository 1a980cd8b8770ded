import CLinux
import Glibc
import LinuxSystem

extension FileDescriptor {
    /// Takes the result of a shim: a descriptor, or a negative errno, which is thrown.
    init(_ result: Int32, _ call: String, _ path: String) throws(SystemCallError) {
        guard result >= 0 else { throw SystemCallError(call: call, path: path, number: -result) }
        self.init(owning: result)
    }

    /// A directory that the operator named.
    static func directory(_ path: String) throws(SystemCallError) -> FileDescriptor {
        try FileDescriptor(clinux_open_directory(path), "open", path)
    }

    /// A directory of the controller's own, which is no link.
    static func ownDirectory(_ path: String) throws(SystemCallError) -> FileDescriptor {
        let result = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        return try FileDescriptor(result < 0 ? -errno : result, "open", path)
    }

    /// A path beneath this directory, through no symbolic link.
    func open(beneath path: String, isDirectory: Bool = false) throws(SystemCallError) -> FileDescriptor {
        try FileDescriptor(clinux_open_beneath(number, path, isDirectory), "open", path)
    }

    func status(_ path: String) throws(SystemCallError) -> FileStatus {
        var raw = clinux_file_status()
        let result = clinux_status_of(number, &raw)
        guard result == 0 else { throw SystemCallError(call: "stat", path: path, number: -result) }
        return FileStatus(raw)
    }

    /// Status of a name in this directory; a link is not followed. Nil when there is no such name.
    func status(of name: String) throws(SystemCallError) -> FileStatus? {
        var raw = clinux_file_status()
        let result = clinux_status_at(number, name, &raw)
        if result == -ENOENT { return nil }
        guard result == 0 else { throw SystemCallError(call: "stat", path: name, number: -result) }
        return FileStatus(raw)
    }

    /// What a symbolic link in this directory says; nil when that is not UTF-8.
    func target(of link: String) throws(SystemCallError) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlinkat(number, link, &buffer, buffer.count)
        guard count >= 0 else { throw SystemCallError(call: "readlink", path: link, number: errno) }
        return String(validating: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Reads at an offset until the buffer is full or the file ends; the number of bytes read.
    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer, _ path: String) throws(SystemCallError)
        -> Int
    {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = pread(number, rest.baseAddress, rest.count, off_t(offset) + filled)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SystemCallError(call: "read", path: path, number: errno) }
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    /// Up to `count` bytes from an offset.
    func bytes(at offset: Int64 = 0, count: Int, _ path: String) throws(SystemCallError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var failure: SystemCallError?
        let filled = bytes.withUnsafeMutableBytes { buffer -> Int in
            do throws(SystemCallError) {
                return try read(at: offset, into: buffer, path)
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        bytes.removeSubrange(filled...)
        return bytes
    }

    /// Makes everything on this file system survive a power cut.
    func synchronizeFileSystem(_ path: String) throws(SystemCallError) {
        let result = clinux_synchronize_file_system(number)
        guard result == 0 else { throw SystemCallError(call: "syncfs", path: path, number: -result) }
    }

    /// Makes what was written survive a power cut.
    func synchronize(_ path: String) throws(SystemCallError) {
        guard fsync(number) == 0 else { throw SystemCallError(call: "fsync", path: path, number: errno) }
    }
}
