import Glibc

/// A file that is being written and must not have been there.
struct NewFile: ~Copyable {
    private let number: Int32
    private let path: String

    init(_ path: String, mode: mode_t) throws(ZipError) {
        number = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        self.path = path
        guard number >= 0 else { throw Self.failed("create", path) }
        // Whatever the process's mask is.
        guard fchmod(number, mode) == 0 else { throw Self.failed("chmod", path) }
    }

    deinit { if number >= 0 { close(number) } }

    func write(_ bytes: UnsafeRawBufferPointer) throws(ZipError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(number, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Self.failed("write", path) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    static func failed(_ call: String, _ path: String) -> ZipError {
        let reason = String(cString: strerror(errno))
        return ZipError(.writeFailed, "cannot \(call) \(path): \(reason)")
    }
}
