/// What was measured on the state directory's disk.
package struct DiskMeasurement: Hashable, Sendable {
    /// 4 KiB appended and synced.
    package var sync: LatencySummary?
    /// 4 KiB read at random, past the page cache; nil where the file system cannot.
    package var read: LatencySummary?
    /// Why nothing was measured.
    package var problem: String?

    package init(sync: LatencySummary? = nil, read: LatencySummary? = nil, problem: String? = nil) {
        self.sync = sync
        self.read = read
        self.problem = problem
    }
}
