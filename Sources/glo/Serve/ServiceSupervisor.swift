import Glibc
import LinuxSystem

/// Whoever started this process and wants to know how it is: systemd with `Type=notify` (sd_notify(3)).
struct ServiceSupervisor: Sendable {
    private let address: String
    /// How often a sign of life is sent, in milliseconds: twice as often as it is asked for. Nil when nobody asks.
    let watchdogMilliseconds: Int?

    private static let maximumPathBytes = 107

    /// Nil when nobody listens: `NOTIFY_SOCKET` names a Unix socket by its path, or by `@` and an abstract name.
    init?(environment: [String: String], pid: pid_t) {
        guard let address = environment["NOTIFY_SOCKET"], address.hasPrefix("/") || address.hasPrefix("@"),
            address.utf8.count <= Self.maximumPathBytes
        else { return nil }
        self.address = address
        let isForThisProcess = environment["WATCHDOG_PID"].map { pid_t($0) == pid } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        watchdogMilliseconds = isForThisProcess ? microseconds.map { max(1, $0 / 2000) } : nil
    }

    /// Of this process; children are not to speak for it.
    static func find(environment: [String: String]) -> ServiceSupervisor? {
        let supervisor = ServiceSupervisor(environment: environment, pid: getpid())
        for variable in ["NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"] { unsetenv(variable) }
        return supervisor
    }

    func ready(_ status: String) { send("READY=1\nSTATUS=\(status)\n") }
    func reloading() { send("RELOADING=1\nMONOTONIC_USEC=\(SystemClock.monotonicNanoseconds() / 1000)\n") }
    func stopping() { send("STOPPING=1\nSTATUS=Draining\n") }
    func alive() { send("WATCHDOG=1\n") }

    /// Nobody is there to be told when it cannot be sent; systemd's own time limits notice.
    private func send(_ text: String) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        let name = Array(address.utf8)
        withUnsafeMutableBytes(of: &target.sun_path) { path in
            path.copyBytes(from: name)
            // An abstract name has a zero in the place of the at-sign.
            if name.first == UInt8(ascii: "@") { path[0] = 0 }
        }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        _ = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
                sendto(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL), target, size)
            }
        }
    }
}
