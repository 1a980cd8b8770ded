/// The room on a file system.
package struct DiskSpace: Hashable, Sendable {
    package var totalBytes: Int
    /// What an unprivileged process may still use.
    package var freeBytes: Int
    /// 0 where the file system has no such limit.
    package var totalInodes: Int
    package var freeInodes: Int

    package init(totalBytes: Int, freeBytes: Int, totalInodes: Int, freeInodes: Int) {
        self.totalBytes = totalBytes
        self.freeBytes = freeBytes
        self.totalInodes = totalInodes
        self.freeInodes = freeInodes
    }
}
