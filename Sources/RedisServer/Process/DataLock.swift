import CLinux
import Glibc

/// The lock on the data. Two servers on one append-only file would destroy it, so a server's standard input is the
/// locked file: the kernel keeps the lock for as long as the server or a child of it lives, whatever becomes of the
/// controller.
struct DataLock {
    let path: String

    /// The locked file, or nil when a process holds it.
    func take() throws(RedisProcessError) -> OwnedDescriptor? {
        let number = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard number >= 0 else { throw .system("\(path) cannot be opened", errno) }
        let file = OwnedDescriptor(number)
        while flock(number, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else { throw .system("\(path) cannot be locked", errno) }
            return nil
        }
        return file
    }

    /// The same, within a time; it looks each 10 ms.
    func take(within milliseconds: Int64) throws(RedisProcessError) -> OwnedDescriptor? {
        let deadline = clinux_monotonic_nanoseconds() + milliseconds * 1_000_000
        while true {
            if let file = try take() { return file }
            guard clinux_monotonic_nanoseconds() < deadline else { return nil }
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
        guard let directory = opendir("/proc") else { return [] }
        defer { closedir(directory) }
        var holders: [pid_t] = []
        while let entry = readdir(directory) {
            let name = String(cString: clinux_entry_name(entry))
            if let process = pid_t(name), process != getpid(), isHeld(by: process) { holders.append(process) }
        }
        return holders
    }
}
