import Glibc
import LinuxSystem
import Synchronization

/// Reads a container's memory from the files of its cgroup, version 1 or 2. The files stay open: a reading costs
/// three or four calls of the kernel and no search for paths.
final class CgroupMemory: Sendable {
    private let files: Files

    /// - Parameters:
    ///   - processID: of a process in the container.
    ///   - containerID: of the container; must be in the cgroup's name, or the process id went to somebody else.
    init?(processID: Int32, containerID: String) {
        let cgroups = ProcFile.text("/proc/\(processID)/cgroup")
        guard
            let place = CgroupPlace(
                cgroups: cgroups, mountInfo: ProcFile.text("/proc/self/mountinfo"), containerID: containerID),
            let files = Files(place)
        else { return nil }
        self.files = files
    }

    /// Sets `memory.high`, which only cgroup v2 has. Whoever may not write it does without.
    static func setHigh(_ bytes: Int, processID: Int32, containerID: String) {
        let cgroups = ProcFile.text("/proc/\(processID)/cgroup")
        guard
            let place = CgroupPlace(
                cgroups: cgroups, mountInfo: ProcFile.text("/proc/self/mountinfo"), containerID: containerID),
            place.isVersion2
        else { return }
        let descriptor = open("\(place.directory)/memory.high", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        let text = Array(String(bytes).utf8)
        _ = Glibc.write(descriptor, text, text.count)
        close(descriptor)
    }

    /// Nil when the cgroup is gone.
    func read() -> MemoryReading? { files.read() }

    /// Bytes in use; up to `enough` without a look at what could be taken back, which costs ten times as much.
    func usage(enough: Int) -> Int? { files.usage(enough: enough) }

    /// Owner of the descriptors.
    private struct Files: ~Copyable {
        private let isVersion2: Bool
        private let usage: CgroupFile
        private let peak: CgroupFile
        private let events: CgroupFile
        private let statistics: CgroupFile

        init?(_ place: CgroupPlace) {
            isVersion2 = place.isVersion2
            let directory = place.directory + "/"
            usage = CgroupFile(directory + (isVersion2 ? "memory.current" : "memory.usage_in_bytes"))
            peak = CgroupFile(directory + (isVersion2 ? "memory.peak" : "memory.max_usage_in_bytes"))
            events = CgroupFile(directory + (isVersion2 ? "memory.events" : "memory.oom_control"))
            statistics = CgroupFile(directory + "memory.stat")
            guard usage.isOpen else { return nil }
        }

        func usage(enough: Int) -> Int? {
            guard let charged = usage.number() else { return nil }
            guard charged > enough else { return charged }
            // Files that were read are charged too, and dropped before anybody runs out of memory. Version 1 counts the
            // cgroup alone under the short names and its children too under the long ones.
            let cached =
                isVersion2
                ? statistics.sum(of: "inactive_file", "active_file")
                : statistics.sum(of: "total_inactive_file", "total_active_file")
            return max(0, charged - (cached ?? 0))
        }

        func read() -> MemoryReading? {
            guard let current = usage(enough: 0) else { return nil }
            return MemoryReading(
                currentBytes: current, peakBytes: peak.number(),
                outOfMemoryKills: events.value(of: "oom_kill") ?? 0)
        }
    }

    /// One open file that is read from its start each time.
    private struct CgroupFile: ~Copyable {
        private let descriptor: FileDescriptor

        init(_ path: String) { descriptor = FileDescriptor(owning: open(path, O_RDONLY | O_CLOEXEC)) }

        var isOpen: Bool { descriptor.isOpen }

        func number() -> Int? {
            withText { text in text.isEmpty ? nil : CgroupText.number(text) }
        }

        func value(of key: StaticString) -> Int? {
            withText { text in CgroupText.value(of: key, in: text) }
        }

        /// Both in one reading.
        func sum(of first: StaticString, _ second: StaticString) -> Int? {
            withText { text in
                (CgroupText.value(of: first, in: text) ?? 0) + (CgroupText.value(of: second, in: text) ?? 0)
            }
        }

        private func withText(_ body: (UnsafeRawBufferPointer) -> Int?) -> Int? {
            let number = descriptor.number
            guard number >= 0 else { return nil }
            return withUnsafeTemporaryAllocation(byteCount: 8192, alignment: 1) { buffer in
                let count = pread(number, buffer.baseAddress, buffer.count, 0)
                guard count > 0 else { return nil }
                return body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
    }
}
