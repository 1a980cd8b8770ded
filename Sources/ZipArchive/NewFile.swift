import Glibc
import LinuxSystem

/// A file that is being written and must not have been there.
struct NewFile: ~Copyable {
    private let file: FileDescriptor
    private let path: String

    init(_ path: String, mode: mode_t) throws(ZipError) {
        file = FileDescriptor(owning: open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600))
        self.path = path
        guard file.isOpen else { throw Self.failed("create", path) }
        // Whatever the process's mask is.
        guard fchmod(file.number, mode) == 0 else { throw Self.failed("chmod", path) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(ZipError) {
        do throws(SystemError) { try FileDescriptor.writeAll(bytes, to: file.number) } catch {
            throw Self.failed("write", path, error.number)
        }
    }

    static func failed(_ call: String, _ path: String) -> ZipError { failed(call, path, errno) }

    private static func failed(_ call: String, _ path: String, _ number: Int32) -> ZipError {
        ZipError(.writeFailed, "cannot \(call) \(path): \(SystemError.text(number))")
    }
}
