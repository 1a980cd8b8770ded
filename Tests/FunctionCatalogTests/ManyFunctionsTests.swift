import FunctionModel
import Glibc
import LinuxSystem
import Testing

@testable import FunctionCatalog

@Suite("Many functions", .serialized, .timeLimit(.minutes(2)))
struct ManyFunctionsTests {
    let fixture: CatalogFixture

    init() throws { fixture = try CatalogFixture() }

    private func threads() throws -> Int {
        try DirectoryListing.names(of: FileDescriptor.directory("/proc/self/task"), "").count
    }

    private func take(_ count: Int, from running: inout RunningCatalog) async throws -> Set<String> {
        var names: Set<String> = []
        while names.count < count {
            guard case .candidate(let version, _) = try await running.next() else { continue }
            #expect(version.number == 1)
            await running.catalog.activated(version)
            names.insert(version.name.rawValue)
        }
        return names
    }

    @Test("A thousand functions that are dropped at once are all there, and after a restart too")
    func thousand() async throws {
        let clock = ContinuousClock()
        var running = fixture.start(settle: 500)
        try await running.scanned()
        let before = try threads()
        let start = clock.now
        for number in 0..<1000 {
            if number % 2 == 0 {
                try fixture.dropScript("f\(number)", "\(number)")
            } else {
                try fixture.dropScript("f\(number)/handler", "\(number)")
                try fixture.drop("f\(number)/function.yaml", "memory: 64Mi\n", mode: 0o644)
            }
        }
        let dropped = clock.now - start
        #expect(try await take(1000, from: &running).count == 1000)
        let taken = clock.now - start
        let during = try threads()
        #expect(during - before < 32)
        #expect(await running.catalog.list().count { $0.state == .active } == 1000)
        print("1000 functions: dropped in \(dropped), taken in \(taken), threads \(before) -> \(during)")
        _ = await running.stop()

        let restart = clock.now
        running = fixture.start(settle: 500)
        #expect(try await take(1000, from: &running).count == 1000)
        print("1000 functions after a restart: \(clock.now - restart)")
        _ = await running.stop()
    }
}
