import CLinux
import FunctionModel
import Glibc
import LinuxSystem
import Testing

@testable import FunctionCatalog

@Suite("Files that are still being copied", .timeLimit(.minutes(1)))
struct CopyingTests {
    let fixture: CatalogFixture

    init() throws { fixture = try CatalogFixture() }

    /// The clock's hands, moved to each moment that somebody waits for.
    private func elapse(_ clock: ManualClock) -> Task<Void, Never> {
        Task { for await deadline in clock.sleeps { clock.advance(to: deadline) } }
    }

    @Test("A file that is open for writing is never taken, however long it rests")
    func openWriter() async throws {
        let manual = ManualClock()
        defer { manual.finish() }
        var running = fixture.start(settle: 500, clock: manual.clock)
        try await running.scanned()
        let whole = Array(CatalogFixture.script("whole").utf8)
        let writer = open("\(fixture.functions)/slow", O_WRONLY | O_CREAT | O_CLOEXEC, 0o755)
        try #require(writer >= 0)
        // What is there already would be a good handler by itself.
        try fixture.append(Array(whole.prefix(10)), to: writer)
        var sleeps = manual.sleeps.makeAsyncIterator()
        for _ in 0..<6 {
            let deadline = try #require(await sleeps.next())
            manual.advance(to: deadline)
        }
        let entry = try await running.entry("slow")
        #expect(entry.state == .copying)
        #expect(entry.candidate == nil)
        #expect(try VersionStore(stateDirectory: fixture.state).names().isEmpty)
        try fixture.append(Array(whole.dropFirst(10)), to: writer)
        close(writer)
        let mover = elapse(manual)
        let version = try await running.activate("slow")
        #expect(try fixture.stored(version, "slow") == CatalogFixture.script("whole"))
        _ = await running.stop()
        mover.cancel()
    }

    @Test("The old version serves while the new one is copied over it")
    func copiedOver() async throws {
        var running = fixture.start()
        try await running.scanned()
        try fixture.dropScript("hello", "one")
        let first = try await running.activate("hello")
        let writer = open("\(fixture.functions)/hello", O_WRONLY | O_TRUNC | O_CLOEXEC)
        try #require(writer >= 0)
        try fixture.append(Array("#!/bin/sh\n".utf8), to: writer)
        try fixture.dropScript("marker", "x")
        try await running.activate("marker")
        #expect(try await running.entry("hello").current == first)
        try fixture.append(Array("echo two\n".utf8), to: writer)
        close(writer)
        let second = try await running.activate("hello")
        #expect(try fixture.stored(second, "hello") == CatalogFixture.script("two"))
        #expect(second.number == 2)
        _ = await running.stop()
    }

    @Test("A file in a directory that is open for writing holds the whole function back")
    func openInDirectory() async throws {
        let manual = ManualClock()
        defer { manual.finish() }
        let writer: Int32
        try fixture.dropScript("tool/handler", "one")
        writer = open("\(fixture.functions)/tool/data", O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        try #require(writer >= 0)
        var running = fixture.start(settle: 500, clock: manual.clock)
        try await running.scanned()
        var sleeps = manual.sleeps.makeAsyncIterator()
        for _ in 0..<3 {
            let deadline = try #require(await sleeps.next())
            manual.advance(to: deadline)
        }
        #expect(try await running.entry("tool").state == .copying)
        close(writer)
        let mover = elapse(manual)
        try await running.activate("tool")
        _ = await running.stop()
        mover.cancel()
    }

    @Test("A writer that comes while a lease is held waits and is not killed by a signal")
    func leaseBreak() async throws {
        try fixture.dropScript("hello", "one")
        let directory = try FileDescriptor.directory(fixture.functions)
        let reader = try directory.open(beneath: "hello")
        #expect(clinux_take_read_lease(reader.number) == 0)
        let blocked = open("\(fixture.functions)/hello", O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        let reason = errno
        #expect(blocked == -1)
        #expect(reason == EWOULDBLOCK)
    }
}
