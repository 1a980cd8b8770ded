import LinuxSystem

/// How many processes and threads a container has, as the kernel counts them.
package struct ProcessCount: Hashable, Sendable {
    package var count: Int
    /// Nil: as many as it likes.
    package var limit: Int?
    /// How often one more was refused.
    package var refusals: Int

    package init(count: Int, limit: Int?, refusals: Int) {
        self.count = count
        self.limit = limit
        self.refusals = refusals
    }

    /// Whether no more can be started: that has been refused, and there is no room still.
    package var isUsedUp: Bool {
        guard refusals > 0, let limit else { return false }
        return count * 10 >= limit * 9
    }

    /// Asks the kernel; nil when the container is gone, or its processes are not counted.
    init?(processID: Int32, containerID: String) {
        let place = CgroupPlace(
            cgroups: ProcFile.text("/proc/\(processID)/cgroup"), mountInfo: ProcFile.text("/proc/self/mountinfo"),
            containerID: containerID, controller: "pids")
        guard let place else { return nil }
        self.init(
            current: ProcFile.text("\(place.directory)/pids.current"),
            max: ProcFile.text("\(place.directory)/pids.max"),
            events: ProcFile.text("\(place.directory)/pids.events"))
    }

    /// Reads the texts of the files.
    init?(current: String, max: String, events: String) {
        guard let count = Int(current.trimmingPrefix(while: \.isWhitespace).prefix { $0.isNumber }) else { return nil }
        let refusals = Array(events.utf8).withUnsafeBytes { CgroupText.value(of: "max", in: $0) }
        self.init(count: count, limit: Int(max.prefix { $0.isNumber }), refusals: refusals ?? 0)
    }
}
