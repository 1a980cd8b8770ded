import Glibc

/// The room of a file system at one moment.
package struct DiskReading: Sendable, Hashable {
    /// What an ordinary user may still write.
    package let freeBytes: Int
    package let totalBytes: Int

    package init(freeBytes: Int, totalBytes: Int) {
        self.freeBytes = freeBytes
        self.totalBytes = totalBytes
    }

    /// The file system that holds the path (statvfs(3)).
    package init(of path: String) throws(RedisProcessError) {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else {
            throw .system("The room on the disk of \(path) cannot be read", errno)
        }
        let unit = Int(status.f_frsize)
        self.init(freeBytes: Int(status.f_bavail) * unit, totalBytes: Int(status.f_blocks) * unit)
    }

    /// 0 to 100.
    package var freePercent: Double { totalBytes > 0 ? Double(freeBytes) * 100 / Double(totalBytes) : 0 }
}
