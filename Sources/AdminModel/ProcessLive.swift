/// What the controller's process uses. CPU time is a sum: two answers and their distance give a share.
package struct ProcessLive: Codable, Hashable, Sendable {
    package var cpuSeconds: Double
    package var residentBytes: Int
    package var openDescriptors: Int
    /// Unix time in milliseconds.
    package var startedAtMilliseconds: Int64

    package init(
        cpuSeconds: Double = 0, residentBytes: Int = 0, openDescriptors: Int = 0, startedAtMilliseconds: Int64 = 0
    ) {
        self.cpuSeconds = cpuSeconds
        self.residentBytes = residentBytes
        self.openDescriptors = openDescriptors
        self.startedAtMilliseconds = startedAtMilliseconds
    }
}
