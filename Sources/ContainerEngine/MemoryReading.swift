/// What the kernel says about a container's memory.
package struct MemoryReading: Hashable, Sendable {
    /// Bytes in use that cannot be taken back: without the page cache of files.
    package var currentBytes: Int
    /// The most that was ever charged, page cache included; nil where the kernel does not keep it (before 5.19 with cgroup v2).
    package var peakBytes: Int?
    /// Processes that the kernel killed because the limit was reached.
    package var outOfMemoryKills: Int

    package init(currentBytes: Int, peakBytes: Int?, outOfMemoryKills: Int) {
        self.currentBytes = currentBytes
        self.peakBytes = peakBytes
        self.outOfMemoryKills = outOfMemoryKills
    }
}
