import FunctionModel
import Testing

@testable import FunctionCatalog

/// The machine with hands: it keeps time, looks at once, and remembers what was told.
struct MachineBench {
    var machine: CatalogMachine
    var now = MonotonicTime(nanoseconds: 0)
    /// What waits to be looked at.
    var looks: [String] = []
    var events: [String] = []
    var stored: [Int] = []
    var waiting: [String] = []
    var lookKinds: [StagingJob.Look] = []

    init(indexes: [FunctionName: VersionIndex] = [:]) {
        machine = CatalogMachine(indexes: indexes, settleMilliseconds: 500)
    }

    mutating func perform(_ actions: [CatalogMachine.Action]) {
        for action in actions {
            switch action {
            case .stage(let entry, _, let look):
                looks.append(entry)
                lookKinds.append(look)
            case .adopt(_, let record, _), .restore(_, let record, _): stored.append(record.number)
            case .discard, .save: break
            case .candidate(let name, let number): events.append("\(name)-\(number)")
            case .removed(let name): events.append("\(name) removed")
            case .rejected(let name, _): events.append("\(name) rejected")
            case .waiting(let name, let problem): waiting.append("\(name): \(problem.message)")
            case .scanned: events.append("scanned")
            }
        }
    }

    mutating func scan(_ names: [String]) { perform(machine.scan(names, now: now)) }

    mutating func change(_ entry: String) { machine.changed([entry], now: now) }

    /// Time goes on until something is to be looked at.
    mutating func settle() {
        while looks.isEmpty, let deadline = machine.nextDeadline {
            now = deadline
            perform(machine.timer(now: now))
        }
    }

    mutating func found(_ entry: String, _ outcome: StagingJob.Outcome) {
        looks.removeAll { $0 == entry }
        var name: FunctionName?
        if case .function(let found) = DropInName.of(entry, isDirectory: false) { name = found }
        perform(
            machine.staged(
                entry, StagingJob.Result(name: name, outcome: outcome), now: now, unixMilliseconds: 1))
    }

    /// Changes, settles and is found to be this.
    mutating func drop(_ entry: String, _ outcome: StagingJob.Outcome) {
        change(entry)
        settle()
        found(entry, outcome)
    }

    mutating func takeEvents() -> [String] {
        defer { events = [] }
        return events
    }

    static func good(_ hash: String) -> StagingJob.Outcome {
        .staged(
            StagedFunction(
                hash: hash, path: "/staging/\(hash)", isDirectory: false, manifest: Manifest(), contract: .exec,
                command: ["/var/task/x"], warnings: [], fingerprint: "print of \(hash)"))
    }

    static let bad = StagingJob.Outcome.rejected([CatalogProblem(.garbage, "bad", path: "x")])
}

extension CatalogProblem.Code {
    fileprivate static let garbage = CatalogProblem.Code.unknownFormat
}

@Suite("The machine of the catalogue")
struct CatalogMachineTests {
    private func hello() throws -> FunctionName { try #require(FunctionName("hello")) }

    @Test("Each change puts the look off, and a change during a look makes it void")
    func settling() {
        var bench = MachineBench()
        bench.scan([])
        bench.change("hello")
        bench.now = bench.now.advanced(byMilliseconds: 400)
        bench.change("hello")
        bench.perform(bench.machine.timer(now: bench.now.advanced(byMilliseconds: 499)))
        #expect(bench.looks.isEmpty)
        bench.settle()
        #expect(bench.now.nanoseconds == 900_000_000)
        bench.change("hello")
        bench.found("hello", MachineBench.good("a"))
        #expect(bench.stored.isEmpty)
        bench.settle()
        bench.found("hello", MachineBench.good("b"))
        #expect(bench.stored == [1])
        #expect(bench.machine.nextDeadline == nil)
    }

    @Test("A file that stays open is looked at ever more seldom, up to a limit")
    func backoff() {
        var bench = MachineBench()
        bench.scan([])
        bench.change("hello")
        var pauses: [Int64] = []
        for _ in 0..<7 {
            let before = bench.now
            bench.settle()
            pauses.append(bench.now.milliseconds(since: before))
            bench.found("hello", .unsettled)
        }
        #expect(pauses == [500, 500, 1000, 2000, 4000, 5000, 5000])
    }

    @Test("A copy that cannot be stored rejects the entry and keeps what serves")
    func adoptFails() throws {
        var bench = MachineBench()
        bench.scan([])
        bench.drop("hello", MachineBench.good("a"))
        bench.perform(bench.machine.activated(try hello(), 1))
        bench.change("hello")
        bench.settle()
        bench.found("hello", MachineBench.good("b"))
        bench.perform(
            bench.machine.adoptFailed(try hello(), 2, CatalogProblem(.storeFailed, "full", path: "x"), now: bench.now))
        #expect(bench.machine.functions[try hello()]?.serving == 1)
        #expect(bench.machine.functions[try hello()]?.candidate == nil)
        #expect(bench.machine.entries["hello"]?.problems.map(\.code) == [.storeFailed])
        // Numbers are never used twice.
        bench.drop("hello", MachineBench.good("b"))
        #expect(bench.stored == [1, 2, 3])
    }

    @Test("At the start the entry that had the function before keeps it, whatever is looked at first")
    func claim() throws {
        var index = VersionIndex(function: try hello())
        index.versions = [
            VersionRecord(
                number: 1, hash: "a", contract: "exec", command: [], createdAtMilliseconds: 0, isDirectory: false)
        ]
        index.next = 2
        index.current = 1
        index.source = .init(entry: "hello.sh", hash: "a", fingerprint: "print of a")
        var bench = MachineBench(indexes: [try hello(): index])
        bench.scan(["hello.py", "hello.sh"])
        bench.found("hello.py", MachineBench.good("b"))
        bench.found("hello.sh", .unchanged)
        bench.settle()
        bench.found("hello.py", MachineBench.good("b"))
        #expect(bench.takeEvents() == ["hello-1", "hello.py rejected", "scanned"])
    }

    @Test(
        "A function whose entry goes waits for one that may take it over",
        arguments: [
            (MachineBench.good("b"), ["hello-2"]), (MachineBench.bad, ["hello rejected"]),
            (StagingJob.Outcome.missing, ["hello removed"]), (StagingJob.Outcome.ignored, ["hello removed"]),
        ])
    func heir(outcome: StagingJob.Outcome, events: [String]) throws {
        var bench = MachineBench()
        bench.scan([])
        bench.drop("hello.sh", MachineBench.good("a"))
        bench.perform(bench.machine.activated(try hello(), 1))
        _ = bench.takeEvents()
        bench.change("hello.sh")
        bench.change("hello.py")
        bench.settle()
        bench.found("hello.sh", .missing)
        #expect(bench.takeEvents().isEmpty)
        bench.found("hello.py", outcome)
        #expect(bench.takeEvents() == events)
    }

    @Test("While the directory is away nothing is removed")
    func directoryMissing() throws {
        var bench = MachineBench()
        bench.scan([])
        bench.drop("hello", MachineBench.good("a"))
        bench.perform(bench.machine.activated(try hello(), 1))
        _ = bench.takeEvents()
        bench.drop("hello", .directoryMissing)
        #expect(bench.takeEvents().isEmpty)
        #expect(bench.machine.nextDeadline == nil)
        bench.scan([])
        bench.settle()
        bench.found("hello", .missing)
        #expect(bench.takeEvents() == ["hello removed"])
    }

    @Test("Answers about versions that are no longer asked for change nothing")
    func staleAnswers() throws {
        var bench = MachineBench()
        bench.scan([])
        bench.drop("hello", MachineBench.good("a"))
        bench.perform(bench.machine.activated(try hello(), 1))
        bench.drop("hello", MachineBench.good("b"))
        bench.drop("hello", MachineBench.good("c"))
        _ = bench.takeEvents()
        bench.perform(bench.machine.activationFailed(try hello(), 2, reason: "late"))
        #expect(bench.machine.functions[try hello()]?.candidate == 3)
        #expect(bench.machine.functions[try hello()]?.serving == 1)
        bench.perform(bench.machine.activated(try hello(), 9))
        #expect(bench.machine.functions[try hello()]?.serving == 1)
        bench.drop("hello", .missing)
        bench.perform(bench.machine.activated(try hello(), 3))
        #expect(bench.machine.functions[try hello()]?.serving == nil)
        #expect(bench.takeEvents() == ["hello removed"])
    }

    @Test("A random run keeps the rules, and the directory is the truth in the end", arguments: 0..<40)
    func random(seed: UInt64) throws {
        var generator = SplitMix(state: seed)
        var bench = MachineBench()
        bench.scan([])
        /// What lies in the directory: nil is nothing, an empty text is bad.
        var disk: [String: String] = [:]
        let entries = ["a", "a.sh", "b", "c"]
        for _ in 0..<400 {
            let entry = try #require(entries.randomElement(using: &generator))
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<4:
                disk[entry] = ["", "1", "2", "3", nil].randomElement(using: &generator) ?? nil
                bench.change(entry)
            case 4..<7: step(&bench, disk, &generator)
            case 7: answer(&bench, fails: false)
            case 8: answer(&bench, fails: true)
            default: rollBack(&bench, &generator)
            }
            expectInvariants(bench)
        }
        while bench.machine.nextDeadline != nil || !bench.looks.isEmpty { step(&bench, disk, &generator) }
        for entry in entries { #expect((bench.machine.entries[entry] != nil) == (disk[entry] != nil)) }
        for (name, function) in bench.machine.functions {
            guard let owner = function.entry else {
                #expect(function.serving == nil && function.candidate == nil)
                #expect(!disk.contains { $0.key.hasPrefix(name.rawValue) && $0.value != "" })
                continue
            }
            let content = try #require(disk[owner])
            if content != "" && bench.machine.entries[owner]?.problems.isEmpty == true {
                #expect(function.index.source?.hash == content)
            }
        }
    }

    private func step(_ bench: inout MachineBench, _ disk: [String: String], _ generator: inout SplitMix) {
        bench.settle()
        guard let entry = bench.looks.randomElement(using: &generator) else { return }
        switch disk[entry] {
        case nil: bench.found(entry, .missing)
        case "": bench.found(entry, MachineBench.bad)
        case let content?: bench.found(entry, MachineBench.good(content))
        }
    }

    private func answer(_ bench: inout MachineBench, fails: Bool) {
        for (name, function) in bench.machine.functions {
            guard let candidate = function.candidate else { continue }
            if fails {
                bench.perform(bench.machine.activationFailed(name, candidate, reason: "random"))
            } else {
                bench.perform(bench.machine.activated(name, candidate))
            }
        }
    }

    private func rollBack(_ bench: inout MachineBench, _ generator: inout SplitMix) {
        guard let name = bench.machine.functions.keys.sorted().randomElement(using: &generator) else { return }
        if let actions = try? bench.machine.rollback(name, to: nil).1 { bench.perform(actions) }
    }

    private func expectInvariants(_ bench: MachineBench) {
        var owners: Set<String> = []
        for (_, function) in bench.machine.functions {
            let numbers = function.index.versions.map(\.number)
            #expect(numbers == Array(Set(numbers)).sorted())
            #expect(numbers.allSatisfy { $0 < function.index.next })
            for named in [function.serving, function.candidate, function.index.current, function.index.pin?.number] {
                #expect(named.map(numbers.contains) ?? true)
            }
            #expect(function.candidate == nil || function.candidate != function.serving)
            if let owner = function.entry { #expect(owners.insert(owner).inserted) }
        }
    }
}
