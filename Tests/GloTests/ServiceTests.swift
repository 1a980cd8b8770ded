import Glibc
import Testing

@testable import glo

@Suite("systemd's side of serve")
struct ServiceTests {
    @Test("A socket that is passed on is taken when it is meant for this process and listens")
    func socket() throws {
        let good = ["LISTEN_PID": "42", "LISTEN_FDS": "1"]
        #expect(try InheritedSocket.find(environment: good, pid: 42) { $0 == 3 } == 3)
        #expect(try InheritedSocket.find(environment: good, pid: 43) { _ in true } == nil)
        #expect(try InheritedSocket.find(environment: [:], pid: 42) { _ in true } == nil)
        #expect(
            try InheritedSocket.find(environment: ["LISTEN_PID": "42", "LISTEN_FDS": "0"], pid: 42) { _ in true } == nil
        )
    }

    @Test("Several sockets, or one that does not listen, are a mistake in the unit")
    func wrongSocket() {
        #expect(throws: CommandFailure.self) {
            try InheritedSocket.find(environment: ["LISTEN_PID": "42", "LISTEN_FDS": "2"], pid: 42) { _ in true }
        }
        #expect(throws: CommandFailure.self) {
            try InheritedSocket.find(environment: ["LISTEN_PID": "42", "LISTEN_FDS": "1"], pid: 42) { _ in false }
        }
    }

    @Test("Signs of life are sent twice as often as they are asked for, and only by who is asked")
    func watchdog() {
        func supervisor(_ more: [String: String]) -> ServiceSupervisor? {
            ServiceSupervisor(environment: ["NOTIFY_SOCKET": "/run/n"].merging(more) { $1 }, pid: 42)
        }
        #expect(supervisor([:])?.watchdogMilliseconds == nil)
        #expect(supervisor(["WATCHDOG_USEC": "30000000"])?.watchdogMilliseconds == 15_000)
        #expect(supervisor(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "42"])?.watchdogMilliseconds == 15_000)
        #expect(supervisor(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"])?.watchdogMilliseconds == nil)
        #expect(ServiceSupervisor(environment: [:], pid: 42) == nil)
        #expect(ServiceSupervisor(environment: ["NOTIFY_SOCKET": "relative"], pid: 42) == nil)
    }

    @Test("What is told arrives, at a path and at an abstract name", arguments: [false, true])
    func notification(isAbstract: Bool) throws {
        let name = "/tmp/glo-notify-\(getpid())-\(isAbstract)"
        let receiver = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer {
            close(receiver)
            unlink(name)
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            path.copyBytes(from: Array(name.utf8))
            if isAbstract { path[0] = 0 }
        }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + name.utf8.count)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(receiver, $0, size) }
        }
        try #require(bound == 0)
        let target = isAbstract ? "@" + name.dropFirst() : name
        let supervisor = try #require(ServiceSupervisor(environment: ["NOTIFY_SOCKET": target], pid: 42))
        supervisor.ready("Serving")
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = recv(receiver, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        #expect(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self) == "READY=1\nSTATUS=Serving\n")
    }
}
