import CLinux
import Glibc
import LinuxSystem

extension HostSource {
    /// This machine.
    package static let system = HostSource(
        text: readText, link: readLink, status: readStatus, entries: readEntries, space: readSpace, clock: readClock,
        memoryBytes: sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)),
        processors: sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    private static let maximumTextBytes = 4 << 20

    private static func readText(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard var all = try? FileDescriptor.readAll(descriptor, limit: maximumTextBytes - 1) else { return nil }
        if all.last == UInt8(ascii: "\n") { all.removeLast() }
        return String(decoding: all, as: UTF8.self)
    }

    private static func readLink(_ path: String) -> String? {
        var bytes = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &bytes, bytes.count)
        guard count > 0 else { return nil }
        return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func readStatus(_ path: String) -> PathStatus? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        let kind: PathStatus.Kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFLNK: .link
            default: .other
            }
        return PathStatus(kind: kind, mode: status.st_mode & 0o7777, owner: status.st_uid)
    }

    private static func readEntries(_ path: String) -> [String]? {
        (try? DirectoryStream.names(in: path))?.sorted()
    }

    private static func readSpace(_ path: String) -> DiskSpace? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return DiskSpace(
            totalBytes: Int(status.f_blocks) * Int(status.f_frsize),
            freeBytes: Int(status.f_bavail) * Int(status.f_frsize), totalInodes: Int(status.f_files),
            freeInodes: Int(status.f_favail))
    }

    private static func readClock() -> ClockState? {
        var state = clinux_clock_state()
        guard clinux_clock_state(&state) == 0 else { return nil }
        return ClockState(
            isSynchronized: state.synchronized, maximumErrorMicroseconds: Int(state.maximum_error_microseconds))
    }
}
