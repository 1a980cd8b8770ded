import CLinux
import Glibc
import LinuxSystem

/// A redis-server that runs: of this process, or found. Its methods block, so each has a thread of its own.
final class RunningRedis: Sendable {
    let process: pid_t
    let access: RedisAccess
    /// Nil of a server that was found: its output went to an earlier controller.
    private let output: OwnedDescriptor?
    /// Readable once the process has ended.
    private let end: OwnedDescriptor
    /// Readable once nobody cares any more.
    private let release: OwnedDescriptor

    var isAdopted: Bool { output == nil }

    /// Nil when there is no such process, or the system gives no descriptor.
    init?(process: pid_t, access: RedisAccess, output: OwnedDescriptor?) {
        let end = clinux_open_process(process)
        guard end >= 0 else { return nil }
        self.end = OwnedDescriptor(owning: end)
        let release = clinux_eventfd()
        guard release >= 0 else { return nil }
        self.release = OwnedDescriptor(owning: release)
        self.process = process
        self.access = access
        self.output = output
    }

    /// Nobody waits for it any more; it goes on.
    func abandon() {
        var one: UInt64 = 1
        _ = write(release.raw, &one, MemoryLayout<UInt64>.size)
    }

    /// Sends a signal unless the process has ended, after which its number may be another's.
    func signal(_ number: Int32) {
        guard !Waiting.until(0, end.raw, for: POLLIN) else { return }
        kill(process, number)
    }

    /// Hands on what the server prints until it ends; false when it was abandoned before.
    func watch(onLine: (String) -> Void) -> Bool {
        var lines = LineCutter()
        var open = output
        while true {
            let descriptors = [end.raw, release.raw] + (open.map { [$0.raw] } ?? [])
            let ready = Waiting.ready(descriptors, until: nil)
            if let descriptor = open?.raw, ready.contains(descriptor) {
                if lines.read(descriptor, onLine: onLine) { continue }
                open = nil
            }
            if ready.contains(end.raw) { return true }
            if ready.contains(release.raw) { return false }
        }
    }

    /// How it ended. Its own children, which rewrite the file, end with it, while the number of their group is still
    /// its own.
    func reap() -> RedisEnd.How {
        guard !isAdopted || getpgid(process) == process else { return .unknown }
        kill(-process, SIGKILL)
        var status: Int32 = 0
        var result = waitpid(process, &status, 0)
        while result < 0 && errno == EINTR { result = waitpid(process, &status, 0) }
        guard result == process else { return .unknown }
        // wait(2): the low seven bits are the signal, the next byte the exit code.
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }

    /// Asks until it answers; false when it ended or was abandoned before. However long it reads its data: a large file
    /// takes minutes.
    func awaitAnswer(onLoading: (RedisLoading?) -> Void) -> Bool {
        var pause: Int64 = 5
        var nextReport = SystemClock.monotonicNanoseconds() + 1_000_000_000
        while true {
            var exchange = RedisExchange(socket: access.socket)
            if exchange != nil, case .text? = exchange?.ask("AUTH", access.user, access.password) {
                if exchange?.ask("PING") == .text("PONG") { return true }
                if SystemClock.monotonicNanoseconds() >= nextReport,
                    case .text(let text)? = exchange?.ask("INFO", "persistence")
                {
                    onLoading(RedisLoading(RedisInfo(text)))
                    nextReport = SystemClock.monotonicNanoseconds() + 1_000_000_000
                }
            }
            let until = SystemClock.monotonicNanoseconds() + pause * 1_000_000
            guard Waiting.ready([end.raw, release.raw], until: until).isEmpty else { return false }
            pause = min(100, pause * 2)
        }
    }
}
