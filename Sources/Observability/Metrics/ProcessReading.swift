import Glibc
import LinuxSystem

/// What the kernel says of this process.
package struct ProcessReading: Sendable {
    package var cpuSeconds: Double = 0
    package var residentBytes = 0
    package var virtualBytes = 0
    package var openDescriptors = 0
    /// Nil when there is no limit.
    package var maximumDescriptors: Int?
    /// Unix time.
    package var startedAtSeconds: Double = 0
    package var threads = 0

    /// Nil when `/proc` cannot be read.
    package static func read() -> ProcessReading? {
        guard let text = text("/proc/self/stat"), let end = text.lastIndex(of: ")") else { return nil }
        // Behind the name in parentheses, which may hold anything: state is field 3 of proc(5).
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 21 else { return nil }
        func field(_ number: Int) -> Int { Int(fields[number - 3]) ?? 0 }
        let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
        var reading = ProcessReading()
        reading.cpuSeconds = Double(field(14) + field(15)) / ticks
        reading.threads = field(20)
        reading.virtualBytes = field(23)
        reading.residentBytes = field(24) * sysconf(Int32(_SC_PAGESIZE))
        reading.startedAtSeconds = bootSeconds + Double(field(22)) / ticks
        reading.openDescriptors = descriptorCount
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < UInt(Int32.max) {
            reading.maximumDescriptors = Int(limit.rlim_cur)
        }
        return reading
    }

    /// When the machine started, Unix time.
    private static var bootSeconds: Double {
        let line = text("/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }
        return line.flatMap { Double($0.dropFirst("btime ".count)) } ?? 0
    }

    private static var descriptorCount: Int {
        // Without the one that reads.
        max(0, ((try? DirectoryStream.names(in: "/proc/self/fd")) ?? []).count - 1)
    }

    private static func text(_ path: String) -> String? {
        let text = ProcFile.text(path)
        return text.isEmpty ? nil : text
    }
}
