/// Where the checks read. The real one is ``system``; tests have one of their own.
package struct HostSource: Sendable {
    /// A small text file without the newline at its end; nil when it cannot be read.
    package var text: @Sendable (_ path: String) -> String?
    /// Where a symbolic link leads; nil when it is none.
    package var link: @Sendable (_ path: String) -> String?
    /// Links are not followed; nil when there is nothing.
    package var status: @Sendable (_ path: String) -> PathStatus?
    /// The names in a directory, sorted, without `.` and `..`; nil when it cannot be read.
    package var entries: @Sendable (_ path: String) -> [String]?
    /// Of the file system that the path is on.
    package var space: @Sendable (_ path: String) -> DiskSpace?
    package var clock: @Sendable () -> ClockState?
    package var memoryBytes: Int
    package var processors: Int

    package init(
        text: @escaping @Sendable (String) -> String? = { _ in nil },
        link: @escaping @Sendable (String) -> String? = { _ in nil },
        status: @escaping @Sendable (String) -> PathStatus? = { _ in nil },
        entries: @escaping @Sendable (String) -> [String]? = { _ in nil },
        space: @escaping @Sendable (String) -> DiskSpace? = { _ in nil },
        clock: @escaping @Sendable () -> ClockState? = { nil }, memoryBytes: Int = 0, processors: Int = 1
    ) {
        self.text = text
        self.link = link
        self.status = status
        self.entries = entries
        self.space = space
        self.clock = clock
        self.memoryBytes = memoryBytes
        self.processors = processors
    }

    func exists(_ path: String) -> Bool { status(path) != nil }
}
