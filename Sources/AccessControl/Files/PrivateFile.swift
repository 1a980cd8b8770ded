import CLinux
import Glibc

/// Files that only the controller's user may read.
package enum PrivateFile {
    /// The contents; nil when there is no such file.
    ///
    /// - Throws: `exposed` when others may read it.
    package static func read(_ path: String, limit: Int) throws(AccessError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("cannot read \(path)")
        }
        defer { close(descriptor) }
        var status = clinux_file_status()
        guard clinux_status_of(descriptor, &status) == 0 else { throw failure("cannot look at \(path)") }
        guard status.mode & 0o077 == 0 else {
            throw AccessError(.exposed, "\(path) may be read by others", hint: "chmod 600 \(path)")
        }
        guard status.size <= limit else {
            throw AccessError(.file, "\(path) is larger than \(limit) bytes")
        }
        return try bytes(of: descriptor, count: Int(status.size), path)
    }

    private static func bytes(of descriptor: Int32, count: Int, _ path: String) throws(AccessError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var offset = 0
        while offset < count {
            let got = bytes.withUnsafeMutableBytes {
                pread(
                    descriptor, UnsafeMutableRawBufferPointer(rebasing: $0[offset...]).baseAddress, count - offset,
                    off_t(offset))
            }
            if got < 0 && errno == EINTR { continue }
            guard got > 0 else { throw failure("cannot read \(path)") }
            offset += got
        }
        return bytes
    }

    /// Replaces the file in one step, so that after a power cut the old or the new one is there.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(AccessError) {
        let draft = "\(path).new-\(getpid())"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure("cannot write \(draft)") }
        do throws(AccessError) {
            try write(bytes, to: descriptor, draft)
            guard StateOwner.adopt(descriptor, at: path), fsync(descriptor) == 0, rename(draft, path) == 0 else {
                throw failure("cannot write \(path)")
            }
        } catch {
            close(descriptor)
            unlink(draft)
            throw error
        }
        close(descriptor)
        synchronizeDirectory(of: path)
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(AccessError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw failure("cannot write \(path)") }
            rest = rest.dropFirst(written)
        }
    }

    private static func synchronizeDirectory(of path: String) {
        guard let slash = path.lastIndex(of: "/") else { return }
        let directory = open(String(path[..<slash]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return }
        fsync(directory)
        close(directory)
    }

    static func failure(_ sentence: String) -> AccessError {
        AccessError(.file, "\(sentence): \(String(cString: strerror(errno)))")
    }
}
