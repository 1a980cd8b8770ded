import HostChecks

/// A host that consists of what a test says.
enum FakeHost {
    static func with(
        files: [String: String] = [:], links: [String: String] = [:], modes: [String: PathStatus] = [:],
        entries: [String: [String]] = [:],
        space: DiskSpace? = nil, clock: ClockState? = nil, memoryBytes: Int = 4 << 30
    ) -> HostSource {
        HostSource(
            text: { files[$0] }, link: { links[$0] },
            status: { path in
                modes[path] ?? (files[path] != nil ? PathStatus(kind: .file, mode: 0o644) : nil)
            },
            entries: { entries[$0] }, space: { _ in space }, clock: { clock }, memoryBytes: memoryBytes)
    }
}
