import CLinux
import Foundation
import InitLink
import LinuxSystem
import Testing

/// What the tests of `glo-chaos` show in numbers: that who holds it hears of a kill at once.
@Suite("The lifeline", .timeLimit(.minutes(1)))
struct LifelineTests {
    private static func pipes(in directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).compactMap { name in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/\(name)")
            return target?.hasPrefix("pipe:") == true ? target : nil
        }
    }

    @Test("Nothing comes on it while the process lives, and its other end is one thread's alone")
    func holder() throws {
        let line = OwnedDescriptor(owning: clinux_lifeline())
        #expect(line.raw >= 0)
        var waiting = pollfd(fd: line.raw, events: Int16(POLLIN), revents: 0)
        #expect(poll(&waiting, 1, 50) == 0)
        let pipe = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(line.raw)")
        #expect(try Self.pipes(in: "/proc/self/fd").count { $0 == pipe } == 1)
        let holders = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").filter { thread in
            (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task/\(thread)/fd").count) == 1
        }
        #expect(try holders.contains { try Self.pipes(in: "/proc/self/task/\($0)/fd") == [pipe] })
    }
}
