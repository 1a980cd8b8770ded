import FunctionModel
import Testing

@testable import FunctionCatalog

extension MachineBench {
    /// Time goes on, and what becomes due is done.
    mutating func pass(milliseconds: Int) {
        let end = now.advanced(byMilliseconds: milliseconds)
        while let deadline = machine.nextDeadline, deadline <= end {
            now = max(now, deadline)
            perform(machine.timer(now: now))
            if !looks.isEmpty { return }
        }
        now = end
    }

    mutating func change(_ entry: String, _ change: EntryChange) { machine.changed([entry: change], now: now) }

    var milliseconds: Int64 { now.nanoseconds / 1_000_000 }
}

@Suite("Files that do not rest")
struct UnrestTests {
    private func hello() throws -> FunctionName { try #require(FunctionName("hello")) }

    @Test("A directory is judged as a whole: it rests longer than a file, and longer still when its files come slowly")
    func directory() {
        var bench = MachineBench()
        bench.scan([])
        bench.change("tool", .inside)
        bench.settle()
        #expect(bench.milliseconds == 2000)
        bench.found("tool", MachineBench.good("a"))

        bench = MachineBench()
        bench.scan([])
        for _ in 0..<3 {
            bench.change("tool", .inside)
            bench.pass(milliseconds: 1200)
            #expect(bench.looks.isEmpty)
        }
        bench.settle()
        #expect(bench.milliseconds == 2400 + 3600)
    }

    @Test("What comes in one step rests as long as a file: a move, or our own writer")
    func whole() {
        var bench = MachineBench()
        bench.scan([])
        bench.change("moved", .movedIn)
        bench.settle()
        #expect(bench.milliseconds == 500)
        #expect(bench.lookKinds.last?.isWhole == true)
        bench.found("moved", MachineBench.good("a"))
        bench.change("moved", .inside)
        bench.settle()
        #expect(bench.milliseconds == 2500)
        #expect(bench.lookKinds.last?.isWhole == false)
        bench.found("moved", MachineBench.good("b"))
        // The watcher's word may come before the writer's, or after it.
        bench.change("moved", .inside)
        bench.machine.written("moved", now: bench.now)
        bench.change("moved", .inside)
        bench.settle()
        #expect(bench.milliseconds == 3000)
        #expect(bench.lookKinds.last?.isWhole == true)
    }

    /// Writes every 100 ms until something is looked at.
    private func write(_ bench: inout MachineBench) {
        while bench.looks.isEmpty {
            bench.change("busy", .inside)
            bench.pass(milliseconds: 100)
        }
    }

    @Test("Files that are written without end are taken after a bounded time, and ever more seldom")
    func endless() throws {
        var bench = MachineBench()
        bench.scan([])
        write(&bench)
        #expect(bench.milliseconds == 10_000)
        #expect(bench.lookKinds.last == StagingJob.Look(isDespite: true))
        bench.found("busy", .moving(outline: "one"))
        #expect(bench.waiting.count == 1)
        write(&bench)
        #expect(bench.milliseconds == 15_000)
        #expect(bench.lookKinds.last == StagingJob.Look(isDespite: true, outline: "one"))
        // It changes while it is copied, as it always does.
        bench.change("busy", .inside)
        bench.found("busy", MachineBench.good("a"))
        #expect(bench.stored == [1])
        write(&bench)
        #expect(bench.milliseconds == 35_000)
        bench.found("busy", MachineBench.good("b"))
        write(&bench)
        #expect(bench.milliseconds == 75_000)
        bench.found("busy", MachineBench.good("c"))
        #expect(bench.stored == [1, 2, 3])
        #expect(bench.waiting.count == 1)
        // When it rests at last it is looked at as any other.
        bench.change("busy", .inside)
        bench.settle()
        #expect(bench.lookKinds.last == StagingJob.Look())
        bench.found("busy", MachineBench.good("d"))
        #expect(bench.stored == [1, 2, 3, 4])
        #expect(bench.machine.nextDeadline == nil)
    }

    @Test("While files come and go nothing is taken, however long that lasts")
    func copying() {
        var bench = MachineBench()
        bench.scan([])
        for number in 0..<20 {
            write(&bench)
            bench.found("busy", .moving(outline: "\(number)"))
        }
        #expect(bench.stored.isEmpty)
        #expect(bench.milliseconds >= 100_000)
    }

    @Test("Somebody who keeps a file open is told of, once")
    func openFile() {
        var bench = MachineBench()
        bench.scan([])
        bench.change("open", .written)
        for _ in 0..<8 {
            bench.settle()
            bench.found("open", .busy(path: "data"))
        }
        #expect(bench.waiting == ["open: somebody has this file open for writing"])
        #expect(bench.lookKinds.allSatisfy { !$0.isDespite })
    }

    @Test("What found no room is tried again by itself, ever more seldom, and told of once")
    func full() throws {
        var bench = MachineBench()
        bench.scan([])
        bench.drop("hello", MachineBench.good("a"))
        bench.perform(bench.machine.activated(try hello(), 1))
        _ = bench.takeEvents()
        let full = StagingJob.Outcome.failed([CatalogProblem(.storeFailed, "no space left on device", path: "hello")])
        bench.drop("hello", full)
        var pauses: [Int64] = []
        for _ in 0..<6 {
            let before = bench.now
            bench.settle()
            pauses.append(bench.now.milliseconds(since: before))
            #expect(bench.machine.entries["hello"]?.isRetried == true)
            bench.found("hello", full)
        }
        #expect(pauses == [1000, 2000, 4000, 8000, 15_000, 15_000])
        #expect(bench.takeEvents() == ["hello rejected"])
        #expect(bench.machine.functions[try hello()]?.serving == 1)
        bench.settle()
        bench.found("hello", MachineBench.good("b"))
        #expect(bench.takeEvents() == ["hello-2"])
        #expect(bench.machine.entries["hello"]?.problems.isEmpty == true)
        #expect(bench.machine.nextDeadline == nil)
    }

    @Test("A copy that could not be put in its place is tried again too")
    func adoptAgain() throws {
        var bench = MachineBench()
        bench.scan([])
        let problem = CatalogProblem(.storeFailed, "no space left on device", path: "hello")
        bench.drop("hello", MachineBench.good("a"))
        for number in 1...3 {
            bench.perform(bench.machine.adoptFailed(try hello(), number, problem, now: bench.now))
            bench.settle()
            bench.found("hello", MachineBench.good("a"))
        }
        #expect(bench.stored == [1, 2, 3, 4])
        #expect(bench.events.filter { $0.hasSuffix("rejected") }.count == 1)
        #expect(bench.machine.entries["hello"]?.problems.isEmpty == true)
    }

    @Test("Versions of a function that is gone are kept for days, of the last hundred, and never while one runs")
    func removed() throws {
        let configuration = CatalogConfiguration(functionsDirectory: "/f", stateDirectory: "/s")
        var bench = MachineBench()
        bench.scan([])
        let names = (0..<130).map { "f\($0)" }
        for name in names { bench.drop(name, MachineBench.good(name)) }
        for name in names.dropFirst() { bench.drop(name, .missing) }
        let hour: Int64 = 3_600_000
        var (expired, noted) = bench.machine.removedFunctions(
            unixMilliseconds: hour, configuration, inUse: [])
        #expect(expired.isEmpty && noted.count == 129)
        (expired, noted) = bench.machine.removedFunctions(unixMilliseconds: 2 * hour - 1, configuration, inUse: [])
        #expect(expired.isEmpty && noted.isEmpty)
        let running = try #require(FunctionName("f129"))
        (expired, _) = bench.machine.removedFunctions(unixMilliseconds: 2 * hour, configuration, inUse: [running])
        #expect(expired.count == 28)
        for name in expired { bench.machine.drop(name) }
        (expired, _) = bench.machine.removedFunctions(unixMilliseconds: 168 * hour, configuration, inUse: [])
        #expect(expired.count == 1)
        (expired, _) = bench.machine.removedFunctions(unixMilliseconds: 169 * hour, configuration, inUse: [running])
        #expect(expired.count == 100)
        for name in expired { bench.machine.drop(name) }
        #expect(Set(bench.machine.functions.keys.map(\.rawValue)) == ["f0", "f129"])
        // One that comes back is no longer gone.
        bench.drop("f129", MachineBench.good("f129"))
        (expired, noted) = bench.machine.removedFunctions(unixMilliseconds: 999 * hour, configuration, inUse: [])
        #expect(expired.isEmpty && noted.isEmpty)
    }
}
