@testable import EventStore
import Foundation
import FunctionModel
import Glibc
import NIOCore
import NIOPosix
import RedisClient
import Testing

@Suite("Content files and who refers to them")
struct ContentTests {
    private static func ref(_ digit: Character) -> String { String(repeating: digit, count: 32) }
    private let a = ref("a")
    private let b = ref("b")

    private func known(_ store: StoreClient, _ refs: String...) async throws -> [Bool] {
        try await store.ask { $0.blobKnown(refs, $1) }
    }

    private func gone(_ store: StoreClient) async throws -> [String] {
        try await store.ask { $0.blobs(limit: 100, $1) }
    }

    @Test("A file is given up when the last event that refers to it has ended")
    func shared() async throws {
        try await withStore { store in
            for function in ["f", "g", "h"] { try await store.configure(function, topics: ["t"]) }
            _ = try await store.publish("t", "", event: "1") { [a] in $0.ref = a }
            let f = try await store.claimOne("f")
            #expect(f.ref == a)
            try await store.complete(f)
            _ = try await store.cancel(store.list("g", .queued)[0].id)
            #expect(try await gone(store).isEmpty)
            #expect(try await known(store, a, b) == [true, false])
            try await store.complete(store.claimOne("h"))
            #expect(try await known(store, a) == [false])
            #expect(try await gone(store) == [a])
            #expect(try await gone(store).isEmpty)
        }
    }

    @Test("Dead letters keep the file until they expire, each for itself")
    func dead() async throws {
        try await withStore { store in
            for function in ["f", "g"] { try await store.configure(function, topics: ["t"]) }
            _ = try await store.publish("t", "", event: "1") { [a] in $0.ref = a }
            var ids: [InvocationID] = []
            for function in ["f", "g"] {
                let event = try await store.claimOne(function)
                ids.append(event.id)
                _ = try await store.fail(event, isFinal: true)
            }
            #expect(try await gone(store).isEmpty)
            try await expire(ids[0], store)
            #expect(try await gone(store).isEmpty)
            #expect(try await known(store, a) == [true])
            try await expire(ids[1], store)
            #expect(try await gone(store) == [a])
        }
    }

    /// Lets an ended event disappear as time would.
    private func expire(_ id: InvocationID, _ store: StoreClient) async throws {
        let function = try await store.get(id).brief.queue.rawValue
        try await store.redis("DEL", store.key + ":inv:\(id)")
        for ref in [a, b] { try await store.redis("ZADD", store.key + ":blobs:due", "XX", "1", "\(ref):\(id)") }
        try await store.redis("ZADD", store.key + ":dead", "XX", "1", "\(function):\(id)")
        try await store.tick()
    }

    @Test("A redriven event keeps its file, and a purged one gives it up")
    func redriven() async throws {
        try await withStore { store in
            let queue = EventQueue(name("f"))
            let id = try await store.accept("f", "") { [a] in $0.ref = a }
            _ = try await store.fail(store.claimOne(), isFinal: true)
            _ = try await store.ask { $0.redrive(queue, .ids([id]), $1) }
            try await store.redis("ZADD", store.key + ":blobs:due", "XX", "1", "\(a):\(id)")
            #expect(try await gone(store).isEmpty)
            #expect(try await store.claimOne().ref == a)
            try await store.loseLease(id)
            _ = try await store.fail(store.claimOne(), isFinal: true)
            _ = try await store.ask { $0.purge(queue, .ids([id]), $1) }
            #expect(try await gone(store) == [a])
            #expect(try await store.number("EXISTS", store.key + ":blobs:due") == 0)
        }
    }

    @Test("Results and kept payloads live in files until the event expires")
    func results() async throws {
        try await withStore { store in
            try await store.configure { $0.keepPayload = true }
            let id = try await store.accept("f", "") { [a] in $0.ref = a }
            try await store.complete(store.claimOne(), "", ref: b)
            let detail = try await store.get(id)
            #expect(detail.payloadRef == a)
            #expect(detail.resultRef == b)
            #expect(try await gone(store).isEmpty)
            try await expire(id, store)
            #expect(Set(try await gone(store)) == [a, b])
            #expect(try await known(store, a, b) == [false, false])
        }
    }

    @Test("A result in a file that nobody is to see is given up at once, one of a stale run is not touched")
    func unwanted() async throws {
        try await withStore { store in
            try await store.configure { $0.keepMilliseconds = 0 }
            try await store.accept()
            let event = try await store.claimOne()
            try await store.complete(event, "", ref: a)
            #expect(try await gone(store) == [a])
            #expect(try await store.complete(event, "", ref: b) == .stale)
            #expect(try await gone(store).isEmpty)
        }
    }

    @Test("A replay refers to the same file")
    func replayed() async throws {
        try await withStore { store in
            let id = try await store.accept("f", "") { [a] in $0.ref = a }
            _ = try await store.ask { $0.replay(id, as: .fresh(), $1) }
            for event in try await store.claim("f", 2) {
                #expect(try await known(store, a) == [true])
                #expect(event.ref == a)
                try await store.complete(event)
            }
            #expect(try await gone(store) == [a])
        }
    }

    @Test("What was written is read, removed, and swept when no event refers to it")
    func files() async throws {
        try await withStore { store in
            let directory = NSTemporaryDirectory() + "glo-contents-\(InvocationID.fresh())"
            defer { try? FileManager.default.removeItem(atPath: directory) }
            let files = try await ContentClient(directory: directory, loop: store.loop)
            let bytes = ByteBuffer(repeating: 7, count: 1_000_000)
            for ref in [a, b] { try await files.ask { $0.write(bytes, as: ref, $1) } }
            let read: ByteBuffer = try await files.ask { [a] in $0.read(a, $1) }
            #expect(read == bytes)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == [a, b])
            let mode = try FileManager.default.attributesOfItem(atPath: directory + "/" + a)[.posixPermissions]
            #expect(mode as? Int == 0o600)
            try await store.accept("f", "") { [a] in $0.ref = a }
            // A crash left one unfinished, and something else is not ours.
            for name in [Self.ref("c") + ".new", "notes.txt"] {
                try Data().write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
            }
            #expect(try await files.sweep(store, ageSeconds: 3_600) == 0)
            #expect(try await files.sweep(store, ageSeconds: 0) == 1)
            let left = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            #expect(left == [a, "notes.txt"])
            try await store.complete(store.claimOne())
            #expect(try await files.removeUnused(store) == 1)
            let missing = await #expect(throws: ContentFileError.self) {
                let _: ByteBuffer = try await files.ask { [a] in $0.read(a, $1) }
            }
            #expect(missing?.code == .notFound)
        }
    }

    @Test(
        "Only names of content files are touched", arguments: ["", "../x", "/etc/passwd", "ABCDEF", ref("g"), ref("A")])
    func names(name: String) async throws {
        let directory = NSTemporaryDirectory() + "glo-contents-\(InvocationID.fresh())"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let files = try await ContentClient(directory: directory, loop: MultiThreadedEventLoopGroup.singleton.next())
        for attempt in 0..<3 {
            let error = await #expect(throws: ContentFileError.self) {
                switch attempt {
                case 0: try await files.ask { $0.write(ByteBuffer(), as: name, $1) }
                case 1: let _: ByteBuffer = try await files.ask { $0.read(name, $1) }
                default: try await files.ask { $0.remove([name], $1) }
                }
            }
            #expect(error?.code == .badName)
        }
    }

    @Test("A new name is one, and another each time")
    func newNames() {
        var generator = SystemRandomNumberGenerator()
        let refs = (0..<1_000).map { _ in ContentFiles.newRef(using: &generator) }
        #expect(Set(refs).count == 1_000)
        #expect(refs.allSatisfy { ContentFiles.isValid(ref: $0) })
        var zero = Zero()
        #expect(ContentFiles.newRef(using: &zero) == String(repeating: "0", count: 32))
    }

    private struct Zero: RandomNumberGenerator {
        mutating func next() -> UInt64 { 0 }
    }
}
