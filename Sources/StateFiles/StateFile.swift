import Glibc
import LinuxSystem

/// Files of the state directory: read only when they are the controller's own and nobody else may touch them, and
/// replaced in one step that survives a power cut.
package enum StateFile {
    /// The contents; nil when there is no such file. A link is not followed.
    ///
    /// - Throws: `exposed` when others may read it, or when it belongs to somebody else: the file's owner has to be this
    ///   process's user, root, or whoever the directory belongs to (root's commands beside a controller of another user).
    package static func read(_ path: String, limit: Int) throws(StateFileError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("cannot read \(path)")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("cannot look at \(path)") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StateFileError(.damaged, "\(path) is not a file", hint: "move it away")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw StateFileError(.exposed, "\(path) may be read by others", hint: "chmod 600 \(path)")
        }
        guard StateOwner.trusts(status.st_uid, at: path) else {
            throw StateFileError(
                .exposed, "\(path) belongs to another user (uid \(status.st_uid))",
                hint: "look at what is in it, then chown it")
        }
        guard status.st_size <= limit else {
            throw StateFileError(.damaged, "\(path) is larger than \(limit) bytes")
        }
        return try bytes(of: descriptor, count: Int(status.st_size), path)
    }

    /// A sealed document, checked; nil when there is none.
    ///
    /// - Parameters:
    ///   - name: its path in the state directory.
    ///   - allowsUnsealed: as long as the directory has not been converted, an older version may have written it.
    /// - Throws: `damaged` when it is not what was written.
    package static func readSealed(
        _ path: String, as name: String, limit: Int, allowsUnsealed: Bool
    ) throws(StateFileError) -> [UInt8]? {
        guard let bytes = try read(path, limit: limit) else { return nil }
        guard let problem = Seal.problem(of: bytes, as: name) else { return bytes }
        if problem == .missing && allowsUnsealed { return bytes }
        throw StateFileError(
            .damaged, "\(path) is damaged: \(problem)", hint: "put it back from a backup, or move it away")
    }

    /// Replaces the file in one step, so that after a power cut the old or the new one is there.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(StateFileError) {
        let draft = "\(path).new-\(getpid())"
        unlink(draft)
        do throws(DurableFile.Failure) {
            try DurableFile.create(draft, bytes) { StateOwner.adopt($0, at: path) }
        } catch {
            if error.step != .create { unlink(draft) }
            let place = error.step == .create || error.step == .write ? draft : path
            throw failure("cannot write \(place)", error.error.number)
        }
        guard rename(draft, path) == 0 else {
            let number = errno
            unlink(draft)
            throw failure("cannot write \(path)", number)
        }
        synchronizeDirectory(of: path)
    }

    package static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(StateFileError) {
        do throws(SystemError) { try FileDescriptor.writeAll(bytes, to: descriptor) } catch {
            throw failure("cannot write \(path)", error.number)
        }
    }

    package static func synchronizeDirectory(of path: String) {
        guard let slash = path.lastIndex(of: "/") else { return }
        let directory = open(String(path[..<slash]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return }
        fsync(directory)
        close(directory)
    }

    package static func failure(_ sentence: String) -> StateFileError { failure(sentence, errno) }

    private static func failure(_ sentence: String, _ number: Int32) -> StateFileError {
        StateFileError(.unusable, "\(sentence): \(SystemError.text(number))")
    }

    private static func bytes(of descriptor: Int32, count: Int, _ path: String) throws(StateFileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var offset = 0
        while offset < count {
            let got = bytes.withUnsafeMutableBytes {
                pread(
                    descriptor, UnsafeMutableRawBufferPointer(rebasing: $0[offset...]).baseAddress, count - offset,
                    off_t(offset))
            }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw failure("cannot read \(path)") }
            guard got > 0 else { throw StateFileError(.damaged, "\(path) became shorter while it was read") }
            offset += got
        }
        return bytes
    }
}
