import Glibc
import LinuxSystem

/// Whether a process does something, however slowly it answers: one that is stopped or hangs does nothing.
struct ProcessLife {
    private var last: String?
    private var nextLook: Int64 = 0
    private var isAlive = true

    /// True while the processes went on since the look before, which is at least half a second ago.
    mutating func goesOn(_ processes: [pid_t]) -> Bool {
        let now = SystemClock.monotonicNanoseconds()
        guard now >= nextLook else { return isAlive }
        nextLook = now + 500_000_000
        let signs = processes.map(Self.signs).joined(separator: "\n")
        isAlive = !processes.isEmpty && signs != last
        last = signs
        return isAlive
    }

    /// The processor time and the switches of a process (proc(5)).
    private static func signs(of process: pid_t) -> String {
        let status = (try? SmallFile.text("/proc/\(process)/status")) ?? nil ?? ""
        return status.split(separator: "\n").filter { $0.contains("ctxt_switches") }.joined(separator: " ")
    }
}
