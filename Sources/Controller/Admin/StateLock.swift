import AdminModel
import Glibc

/// The right to run a controller on a state directory: a locked file that holds the controller's pid.
///
/// The kernel lets the lock go when the process ends, however it ends, so a stale one cannot exist. Whoever holds it
/// may replace a socket or containers that an earlier controller left. Released when the value goes away.
package final class StateLock: Sendable {
    /// The state directory.
    package let directory: String
    private let descriptor: Int32

    /// Takes the lock at once, or says who has it.
    ///
    /// - Parameter directory: exists already.
    package init(directory: String) throws(AdminServerError) {
        let path = "\(directory)/\(AdminPath.lockName)"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw AdminServerError(.stateDirectoryUnusable, "cannot open \(path): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let pid = Self.readPID(descriptor)
            close(descriptor)
            throw AdminServerError(
                .alreadyRunning,
                "another controller runs on this state directory (\(pid.map { "pid \($0)" } ?? "pid unknown")): \(directory)"
            )
        }
        self.descriptor = descriptor
        self.directory = directory
        let text = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.count, 0)
    }

    deinit { close(descriptor) }

    private static func readPID(_ descriptor: Int32) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int(String(decoding: bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
