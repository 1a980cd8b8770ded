import AdminModel
import FunctionModel
import Glibc
import Testing

@testable import Observability

@Suite("Function logs")
struct FunctionLogStoreTests {
    private let directory: TemporaryDirectory
    private let clock = TestClock()

    init() throws { directory = try TemporaryDirectory() }

    private func store(_ change: (inout LogLimits) -> Void = { _ in }) throws -> FunctionLogStore {
        var limits = LogLimits()
        change(&limits)
        return try Samples.store("\(directory.path)/logs", limits: limits, clock: clock)
    }

    @Test("Lines, starts and ends are kept in their order, in memory and in the function's file")
    func order() async throws {
        let store = try store()
        defer { store.stop() }
        store.append(contentsOf: [Samples.started(isCold: true, queueNanoseconds: 312_400_000)])
        store.append(Samples.line("hi there"))
        store.append(contentsOf: [Samples.ended(isCold: true)])
        await store.flush()
        let records = store.records(of: Samples.hello, last: 10)
        #expect(records.map(\.kind) == [.start, .line, .end])
        #expect(records[1].message == "hi there")
        #expect(records[2].durationMilliseconds == 4.812)
        let id = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
        #expect(
            directory.text("logs/hello.log") == """
                2026-11-22T07:16:59.123Z v3 START \(id) cold queued 312.400 ms
                2026-11-22T07:16:59.123Z v3 stdout hi there
                2026-11-22T07:16:59.123Z v3 END \(id) 4.812 ms cold peak 12.4 MiB ok

                """)
    }

    @Test("The last records of all functions come in the order in which they were taken in")
    func merged() async throws {
        let store = try store()
        defer { store.stop() }
        let names = ["a", "b", "c"].map(Samples.name)
        for number in 0..<9 { store.append(Samples.line("\(number)", of: names[number % 3])) }
        await store.flush()
        #expect(store.records(of: nil, last: 4).map(\.message) == ["5", "6", "7", "8"])
        #expect(store.records(of: names[0], last: 2).map(\.message) == ["3", "6"])
        #expect(store.records(of: Samples.name("nobody"), last: 2).isEmpty)
    }

    @Test("Memory is bounded by entries and by bytes; the newest records stay")
    func bounded() async throws {
        let store = try store {
            $0.maximumEntries = 5
            $0.maximumBytes = 1000
        }
        defer { store.stop() }
        for number in 0..<20 { store.append(Samples.line("\(number)")) }
        await store.flush()
        #expect(store.records(of: Samples.hello, last: 100).map(\.message) == ["15", "16", "17", "18", "19"])
        store.append(Samples.line(String(repeating: "z", count: 900)))
        await store.flush()
        #expect(store.records(of: Samples.hello, last: 100).count == 1)
    }

    @Test("All functions together are bounded too")
    func boundedTotal() async throws {
        let store = try store {
            $0.maximumTotalBytes = 100_000
            $0.maximumBytes = 50_000
        }
        defer { store.stop() }
        let text = String(repeating: "t", count: 936)
        for number in 0..<20 {
            for _ in 0..<20 { store.append(Samples.line(text, of: Samples.name("f\(number)"))) }
        }
        await store.flush()
        let kept = (0..<20).map { store.records(of: Samples.name("f\($0)"), last: 100).count }
        #expect(kept.reduce(0, +) * 1000 <= 100_000)
        #expect(kept.allSatisfy { $0 >= 1 })
    }

    @Test("A flood is held to the rate, on disk too, and a line tells how much is missing")
    func flood() async throws {
        let store = try store { $0.bytesPerSecond = 10_000 }
        defer { store.stop() }
        for _ in 0..<1000 { store.append(Samples.line(String(repeating: "y", count: 36))) }
        await store.flush()
        #expect(store.records(of: Samples.hello, last: 5000).filter { $0.kind == .line }.count == 100)
        clock.advance(milliseconds: 1000)
        store.append(Samples.line("calm again"))
        await store.flush()
        let records = store.records(of: Samples.hello, last: 5000)
        #expect(records.last?.message == "calm again")
        // One mark, or two when the machine is so slow that the writer's timer comes first.
        #expect(records.compactMap(\.dropped).reduce(0, +) == 900)
        let text = directory.text("logs/hello.log")
        #expect(text.split(separator: "\n").count == records.count)
        #expect(text.contains("records dropped: the function logged faster than its limit"))
    }

    @Test("The gap is told of even when the function falls silent")
    func silentGap() async throws {
        let store = try store { $0.bytesPerSecond = 1000 }
        defer { store.stop() }
        for _ in 0..<100 { store.append(Samples.line("")) }
        await store.flush()
        // A round of the writer with nothing to add is what the timer brings.
        await store.flush()
        #expect(store.records(of: Samples.hello, last: 1).first?.kind == .dropped)
    }

    @Test("Failed and cold invocations are told of when ordinary ones are left out")
    func essential() async throws {
        let store = try store { $0.bytesPerSecond = 8000 }
        defer { store.stop() }
        store.append(contentsOf: (0..<100).map { _ in Samples.ended() })
        store.append(contentsOf: [Samples.ended(.failed(.timedOut))])
        await store.flush()
        let records = store.records(of: Samples.hello, last: 1000).filter { $0.kind == .end }
        #expect(records.count < 30)
        #expect(records.last?.outcome == "timed_out")
    }

    @Test("One function's flood leaves its neighbours alone")
    func neighbours() async throws {
        let store = try store { $0.bytesPerSecond = 1000 }
        defer { store.stop() }
        let calm = Samples.name("calm")
        for _ in 0..<1000 { store.append(Samples.line("noise")) }
        for number in 0..<5 { store.append(Samples.line("\(number)", of: calm)) }
        await store.flush()
        #expect(store.records(of: calm, last: 10).map(\.message) == ["0", "1", "2", "3", "4"])
    }

    @Test("What waits for the writer is bounded; what does not fit is counted")
    func inbox() async throws {
        let store = try store { $0.maximumWaitingBytes = 2000 }
        defer { store.stop() }
        store.append(contentsOf: (0..<100).map { Samples.line("\($0)") })
        store.append(Samples.line("fits"))
        await store.flush()
        let records = store.records(of: Samples.hello, last: 10)
        #expect(records.first { $0.kind == .dropped }?.dropped == 100)
        #expect(records.contains { $0.message == "fits" })
    }

    @Test("A long line is cut")
    func longLine() async throws {
        let store = try store { $0.maximumLineBytes = 10 }
        defer { store.stop() }
        store.append(Samples.line("0123456789abcdef"))
        await store.flush()
        #expect(store.records(of: Samples.hello, last: 1).first?.message == "0123456789 …")
    }

    @Test("The last invocations of a function are remembered, newest first, even those that the log leaves out")
    func invocations() async throws {
        let store = try store {
            $0.maximumInvocations = 3
            $0.bytesPerSecond = 1
        }
        defer { store.stop() }
        for attempt in 1...5 { store.append(contentsOf: [Samples.started(), Samples.ended(attempt: attempt)]) }
        await store.flush()
        let invocations = store.invocations(of: Samples.hello, last: 10)
        #expect(invocations.map(\.attempt) == [5, 4, 3])
        #expect(invocations[0].peakMemoryBytes == 13_002_342)
        #expect(store.invocations(of: Samples.hello, last: 1).count == 1)
    }

    @Test("A follower gets what was there and what comes, of its function only")
    func follow() async throws {
        let store = try store()
        defer { store.stop() }
        store.append(Samples.line("before"))
        await store.flush()
        let stream = store.follow(Samples.hello, last: 10)
        store.append(Samples.line("other", of: Samples.name("other")))
        store.append(Samples.line("after"))
        await store.flush()
        store.stop()
        var messages: [String?] = []
        for await record in stream { messages.append(record.message) }
        #expect(messages == ["before", "after"])
    }

    @Test("A follower that is too slow loses records, with a mark that says how many")
    func slowFollower() async throws {
        let store = try store()
        defer { store.stop() }
        let stream = store.follow(nil, last: 0, capacity: 3)
        for number in 0..<10 { store.append(Samples.line("\(number)")) }
        await store.flush()
        var iterator = stream.makeAsyncIterator()
        for number in 0..<3 { #expect(await iterator.next()?.message == "\(number)") }
        store.append(Samples.line("late"))
        await store.flush()
        let mark = await iterator.next()
        #expect(mark?.kind == .dropped)
        #expect(mark?.dropped == 7)
        #expect(await iterator.next()?.message == "late")
    }

    @Test("A follower that leaves is forgotten, and a stopped store ends those that stay")
    func leaving() async throws {
        let store = try store()
        let stays = store.follow(nil, last: 0)
        let leaves = store.follow(nil, last: 0)
        let reader = Task { for await _ in leaves {} }
        reader.cancel()
        await reader.value
        store.append(Samples.line("x"))
        store.stop()
        var count = 0
        for await _ in stays { count += 1 }
        #expect(count == 1)
        var later = store.follow(nil, last: 0).makeAsyncIterator()
        #expect(await later.next() == nil)
    }

    @Test("A removed function is forgotten; its file stays")
    func forget() async throws {
        let store = try store()
        defer { store.stop() }
        store.append(Samples.line("x"))
        store.forget(Samples.hello)
        await store.flush()
        #expect(store.records(of: Samples.hello, last: 10).isEmpty)
        #expect(directory.names("logs") == ["hello.log"])
    }

    @Test("Appending from many tasks loses nothing within the limits")
    func concurrent() async throws {
        let store = try store {
            $0.bytesPerSecond = 100_000_000
            $0.maximumEntries = 10_000
            $0.maximumBytes = 10_000_000
            $0.maximumTotalBytes = 10_000_000
        }
        defer { store.stop() }
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask { for number in 0..<500 { store.append(Samples.line("\(task) \(number)")) } }
            }
        }
        await store.flush()
        let messages = store.records(of: Samples.hello, last: 10_000).compactMap(\.message)
        #expect(Set(messages).count == 4000)
        for task in 0..<8 {
            let own = messages.filter { $0.hasPrefix("\(task) ") }
            #expect(own == (0..<500).map { "\(task) \($0)" })
        }
    }

    @Test("Stopping writes what waits; what comes later is let go")
    func stopping() async throws {
        let store = try store { $0.gatherMilliseconds = 60_000 }
        store.append(Samples.line("last words"))
        store.stop()
        store.append(Samples.line("too late"))
        await store.flush()
        store.stop()
        #expect(directory.text("logs/hello.log").hasSuffix("stdout last words\n"))
    }
}
