import Glibc
import LinuxSystem
import NIOCore

/// The directory of content files, in blocking calls.
final class ContentDirectory: Sendable {
    private let descriptor: CInt
    private let path: String

    init(path: String) throws(ContentFileError) {
        self.path = path
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw ContentFileError(errno, "cannot make", path) }
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ContentFileError(errno, "cannot open", path) }
    }

    deinit { close(descriptor) }

    func write(_ bytes: ByteBuffer, as ref: String) throws(ContentFileError) {
        try check(ref)
        let temporary = ref + ".new"
        let file = openat(descriptor, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("cannot make", temporary) }
        do throws(ContentFileError) {
            defer { close(file) }
            let number = bytes.withUnsafeReadableBytes { Self.failure(writing: $0, to: file) }
            guard number == 0 else { throw ContentFileError(number, "cannot write", "\(path)/\(temporary)") }
            guard fsync(file) == 0 else { throw failure("cannot write", temporary) }
        } catch {
            unlinkat(descriptor, temporary, 0)
            throw error
        }
        guard renameat(descriptor, temporary, descriptor, ref) == 0, fsync(descriptor) == 0 else {
            throw failure("cannot finish", ref)
        }
    }

    func read(_ ref: String) throws(ContentFileError) -> ByteBuffer {
        try check(ref)
        let file = openat(descriptor, ref, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { throw failure("cannot open", ref) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("cannot read", ref) }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw ContentFileError(
                code: .damaged, message: "\(path)/\(ref) belongs to another user.", hint: "Look at what is in it.")
        }
        var buffer = ByteBufferAllocator().buffer(capacity: Int(status.st_size))
        while true {
            var count = 0
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 64 << 10) { room in
                count = Glibc.read(file, room.baseAddress, room.count)
                return max(count, 0)
            }
            if count == 0 {
                guard ContentChecksum.fits(buffer, ref) else {
                    throw ContentFileError(
                        code: .damaged, message: "\(path)/\(ref) is not what was written.",
                        hint: "Is the disk good? The event's payload or result is lost.")
                }
                return buffer
            }
            if count < 0, errno != EINTR { throw failure("cannot read", ref) }
        }
    }

    func remove(_ ref: String) throws(ContentFileError) {
        try check(ref)
        guard unlinkat(descriptor, ref, 0) == 0 || errno == ENOENT else { throw failure("cannot remove", ref) }
    }

    /// Whole files of at least that age; unfinished ones are removed.
    func old(ageSeconds: Int) throws(ContentFileError) -> [String] {
        let names: [String]
        do throws(SystemError) { names = try DirectoryStream.names(of: descriptor) } catch {
            throw ContentFileError(error.number, "cannot list", "\(path)/.")
        }
        let latest = Int(Glibc.time(nil)) - ageSeconds
        var found: [String] = []
        for name in names {
            let ref = name.hasSuffix(".new") ? String(name.dropLast(4)) : name
            var status = stat()
            guard ContentFiles.isValid(ref: ref), fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
                status.st_mtim.tv_sec <= latest
            else { continue }
            if name == ref { found.append(ref) } else { unlinkat(descriptor, name, 0) }
        }
        return found
    }

    private func check(_ ref: String) throws(ContentFileError) {
        guard ContentFiles.isValid(ref: ref) else {
            throw ContentFileError(
                code: .badName, message: "That is not a name of a content file.", hint: "It has 32 hexadecimal digits.")
        }
    }

    private func failure(_ what: String, _ name: String) -> ContentFileError {
        ContentFileError(errno, what, "\(path)/\(name)")
    }

    /// 0, or the error's number.
    private static func failure(writing bytes: UnsafeRawBufferPointer, to file: CInt) -> CInt {
        // NIOCore has a FileDescriptor too.
        do throws(SystemError) { try LinuxSystem.FileDescriptor.writeAll(bytes, to: file) } catch {
            return error.number
        }
        return 0
    }
}

extension ContentFileError {
    fileprivate init(_ number: CInt, _ what: String, _ path: String) {
        let reason = SystemError.text(number)
        switch number {
        case ENOENT:
            self.init(
                code: .notFound, message: "Glo \(what) \(path): \(reason).",
                hint: "Was it removed by hand? The event's payload is lost.")
        case ENOSPC, EDQUOT:
            self.init(code: .noSpace, message: "Glo \(what) \(path): \(reason).", hint: "Make room on the disk.")
        default:
            self.init(
                code: .other, message: "Glo \(what) \(path): \(reason).",
                hint: "See whether the directory belongs to Glo's user.")
        }
    }
}
