import Glibc
import LinuxSystem

/// The lock on the data. Two servers on one append-only file would destroy it, so a server's standard input is the
/// locked file: the kernel keeps the lock for as long as the server or a child of it lives, whatever becomes of the
/// controller.
struct DataLock {
    let path: String

    /// The locked file, or nil when a process holds it.
    func take() throws(RedisProcessError) -> OwnedDescriptor? {
        let number = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard number >= 0 else { throw .system("\(path) cannot be opened", errno) }
        let file = OwnedDescriptor(owning: number)
        while flock(number, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else { throw .system("\(path) cannot be locked", errno) }
            return nil
        }
        return file
    }

    /// The same, within a time; it looks each 10 ms.
    func take(within milliseconds: Int64) throws(RedisProcessError) -> OwnedDescriptor? {
        let deadline = SystemClock.monotonicNanoseconds() + milliseconds * 1_000_000
        while true {
            if let file = try take() { return file }
            guard SystemClock.monotonicNanoseconds() < deadline else { return nil }
            usleep(10_000)
        }
    }

    /// Whether that process's standard input is the file.
    func isHeld(by process: pid_t) -> Bool {
        var (wanted, found) = (stat(), stat())
        guard stat(path, &wanted) == 0, stat("/proc/\(process)/fd/0", &found) == 0 else { return false }
        return wanted.st_dev == found.st_dev && wanted.st_ino == found.st_ino
    }

    /// Every process that holds it, as far as this user may see.
    func holders() -> [pid_t] {
        ((try? DirectoryStream.names(in: "/proc")) ?? []).compactMap { pid_t($0) }
            .filter { $0 != getpid() && isHeld(by: $0) }
    }
}
