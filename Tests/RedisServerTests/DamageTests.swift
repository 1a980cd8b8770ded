import Foundation
import Glibc
import Testing

@testable import RedisServer

/// Each file of Redis, damaged in each way: nothing is gone without a word, and a repair saves what can be read.
@Suite("Damaged events", .timeLimit(.minutes(5)))
struct DamageTests {
    let directory = TemporaryDirectory()

    enum Damage: String, CaseIterable {
        case emptied, halved, garbage, garbageAtTheEnd, zerosAtTheEnd, flipped, missing, tailCut, wrongOwner
    }

    private var redis: String { "\(directory.path)/redis" }

    private func write(_ bytes: Data, _ path: String) throws { try bytes.write(to: URL(filePath: path)) }

    private func inflict(_ damage: Damage, on path: String) throws {
        var bytes = try Data(contentsOf: URL(filePath: path))
        switch damage {
        case .emptied: bytes = Data()
        case .halved: bytes = bytes.prefix(bytes.count / 2)
        case .garbage: bytes = Data((0..<max(bytes.count, 64)).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) })
        case .garbageAtTheEnd: bytes += Data("rubbish that is no command\r\n".utf8)
        case .zerosAtTheEnd: bytes += Data(repeating: 0, count: 4096)
        case .flipped: if !bytes.isEmpty { bytes[bytes.count / 2] ^= 0x10 }
        case .missing: return try FileManager.default.removeItem(atPath: path)
        case .wrongOwner:
            // Only root can give a file away, and root may read it all the same.
            if geteuid() == 0 { #expect(chown(path, 65534, 65534) == 0) }
            return
        case .tailCut: bytes = bytes.dropLast(7)
        }
        try write(bytes, path)
    }

    /// A server whose data are in a snapshot and in a list of commands, and ended in order: 200 keys.
    private func fill() async throws {
        try await RedisUnderTest.run(directory.path) { redis in
            let connection = try await redis.ready().connect()
            for number in 0..<100 { #expect(connection.ask("SET", "glo:{t}:\(number)", "x") == .text("OK")) }
            #expect(connection.ask("BGREWRITEAOF") != nil)
            while true {
                guard case .text(let info)? = connection.ask("INFO", "persistence") else { throw CancellationError() }
                let facts = RedisInfo(info)
                if facts["aof_rewrite_in_progress"] == "0", facts["aof_rewrite_scheduled"] == "0" { break }
                usleep(10_000)
            }
            for number in 100..<200 { #expect(connection.ask("SET", "glo:{t}:\(number)", "x") == .text("OK")) }
        }
    }

    /// What a start makes of the files: the number of keys, or why Redis is not started.
    private func outcome() async throws -> Result<Int, RedisProcessError> {
        var outcome: Result<Int, RedisProcessError>?
        try await RedisUnderTest.run(directory.path) { redis in
            switch try await redis.next() {
            case .ready(let access):
                guard case .text(let size)? = try access.connect().ask("DBSIZE"), let count = Int(size) else { return }
                outcome = .success(count)
            case .down(let error): outcome = .failure(error)
            case .starting, .stopped: break
            }
        }
        return try #require(outcome)
    }

    private var files: [String] {
        get throws {
            try FileManager.default.subpathsOfDirectory(atPath: redis).filter {
                var status = stat()
                return lstat("\(redis)/\($0)", &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            }.map { "\(redis)/\($0)" }.sorted() + ["\(directory.path)/redis.seal"]
        }
    }

    @Test("Whatever is done to a file, all is there or Redis is not started", arguments: Damage.allCases)
    func matrix(damage: Damage) async throws {
        try await fill()
        let copy = TemporaryDirectory()
        try FileManager.default.copyItem(atPath: redis, toPath: "\(copy.path)/redis")
        try FileManager.default.copyItem(atPath: "\(directory.path)/redis.seal", toPath: "\(copy.path)/redis.seal")
        for path in try files {
            try inflict(damage, on: path)
            let name = String(path.dropFirst(directory.path.count))
            switch try await outcome() {
            case .success(let count):
                // The last command may be cut: that is what a crash leaves.
                let least = damage == .tailCut && path.hasSuffix(".incr.aof") ? 199 : 200
                #expect(count >= least, "\(name) \(damage)")
            case .failure(let error):
                #expect(error.code == .dataDamaged, "\(name) \(damage): \(error)")
                #expect(error.hint.contains("glo repair events"))
                #expect(path.contains("appendonlydir"), "\(name) \(damage) is no reason to stop")
            }
            try FileManager.default.removeItem(atPath: redis)
            try FileManager.default.copyItem(atPath: "\(copy.path)/redis", toPath: redis)
            try? FileManager.default.removeItem(atPath: "\(directory.path)/redis.seal")
            try FileManager.default.copyItem(atPath: "\(copy.path)/redis.seal", toPath: "\(directory.path)/redis.seal")
        }
    }

    @Test(
        "A directory that is gone or empty is no start with nothing", arguments: [true, false],
        ["redis", "redis/appendonlydir"])
    func directoryGone(isEmpty: Bool, name: String) async throws {
        try await fill()
        let path = "\(directory.path)/\(name)"
        try FileManager.default.removeItem(atPath: path)
        if isEmpty { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false) }
        guard case .failure(let error) = try await outcome() else {
            Issue.record("Redis was started with nothing")
            return
        }
        #expect(error.code == .dataDamaged)
    }

    @Test("Files that are put back are used without another word")
    func restored() async throws {
        try await fill()
        try FileManager.default.moveItem(atPath: "\(redis)/appendonlydir", toPath: "\(redis)/aside")
        try await RedisUnderTest.run(directory.path) { redis in
            #expect(try await redis.down().code == .dataDamaged)
            try FileManager.default.moveItem(atPath: "\(self.redis)/aside", toPath: "\(self.redis)/appendonlydir")
            #expect(try await redis.ready().connect().ask("DBSIZE") == .text("200"))
        }
    }

    @Test("An older copy that is put there after the damage was told is used, once nobody writes to it any more")
    func olderCopy() async throws {
        try await RedisUnderTest.run(directory.path) { redis in
            let connection = try await redis.ready().connect()
            #expect(connection.ask("SET", "glo:{t}:old", "x") == .text("OK"))
        }
        try FileManager.default.copyItem(atPath: "\(redis)/appendonlydir", toPath: "\(redis)/copy")
        try await RedisUnderTest.run(directory.path) { redis in
            let connection = try await redis.ready().connect()
            #expect(connection.ask("SET", "glo:{t}:new", "x") == .text("OK"))
        }
        try FileManager.default.removeItem(atPath: "\(redis)/appendonlydir")
        try await RedisUnderTest.run(directory.path) { redis in
            #expect(try await redis.down().code == .dataDamaged)
            try FileManager.default.moveItem(atPath: "\(self.redis)/copy", toPath: "\(self.redis)/appendonlydir")
            let connection = try await redis.ready().connect()
            #expect(connection.ask("DBSIZE") == .text("1"))
        }
    }

    @Test("A directory of an earlier version, without a seal, is taken as it is")
    func withoutSeal() async throws {
        try await fill()
        try FileManager.default.removeItem(atPath: "\(directory.path)/redis.seal")
        #expect(try await outcome() == .success(200))
    }

    @Test("A killed server's files are sealed as they are, and what it wrote since does not count as damage")
    func killed() async throws {
        try await RedisUnderTest.run(directory.path) { redis in
            for round in 0..<3 {
                let connection = try await redis.ready().connect()
                for number in 0..<50 {
                    #expect(connection.ask("SET", "glo:{t}:\(round).\(number)", "x") == .text("OK"))
                }
                kill(try await redis.processID(), SIGKILL)
            }
            #expect(try await redis.ready().connect().ask("DBSIZE") == .text("150"))
        }
    }

    // MARK: Repairs

    private func repair(_ body: (EventRepair, EventRepair.Plan) throws -> Void) throws {
        let repair = try EventRepair(state: directory.path, searchPath: "")
        try body(repair, try repair.plan())
    }

    @Test(
        "A repair keeps what stands before the damage, and the damaged files",
        arguments: [
            (Damage.halved, "incr.aof", 100), (.garbageAtTheEnd, "incr.aof", 200), (.flipped, "incr.aof", 100),
            (.missing, "incr.aof", 100), (.emptied, "manifest", 200), (.missing, "manifest", 200),
            (.garbage, "base.rdb", 100),
            (.flipped, "base.rdb", 100), (.missing, "base.rdb", 100),
        ])
    func repairs(damage: Damage, suffix: String, least: Int) async throws {
        try await fill()
        let path = try #require(try files.first { $0.hasSuffix(suffix) && $0.contains("appendonlydir") })
        try inflict(damage, on: path)
        let damaged = FileManager.default.contents(atPath: path)
        var kept = ""
        try repair { repair, plan in
            #expect(!plan.damages.isEmpty)
            #expect(plan.neededBytes > 0 || damage == .missing)
            kept = try repair.mend(plan).kept
        }
        #expect(
            FileManager.default.contents(atPath: "\(kept)/appendonlydir/\((path as NSString).lastPathComponent)")
                == damaged)
        guard case .success(let count) = try await outcome() else {
            Issue.record("Redis does not start after the repair")
            return
        }
        #expect(count >= least && count <= 200, "\(count)")
        #expect(EventLosses.told(state: directory.path).count == 1)
        try FileManager.default.removeItem(atPath: kept)
        #expect(EventLosses.told(state: directory.path).isEmpty)
    }

    @Test("What was asked to begin with nothing does, and the files are kept")
    func startEmpty() async throws {
        try await fill()
        try FileManager.default.removeItem(atPath: "\(redis)/appendonlydir")
        try repair { repair, plan in
            #expect(plan.damages.count == 1)
            _ = try repair.startEmpty(plan)
        }
        #expect(try await outcome() == .success(0))
        #expect(try await outcome() == .success(0))
    }

    @Test("Whole files are not repaired, and a server that runs has none to repair")
    func nothingToDo() async throws {
        try await fill()
        try repair { _, plan in #expect(plan.damages.isEmpty) }
        try await RedisUnderTest.run(directory.path) { redis in
            _ = try await redis.ready()
            let error = #expect(throws: RedisProcessError.self) {
                try EventRepair(state: directory.path, searchPath: "")
            }
            #expect(error?.code == .occupied)
        }
    }
}
