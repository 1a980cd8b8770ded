import AdminModel
import FunctionModel
import Testing

@testable import Observability

@Suite("Records of invocations")
struct InvocationRecordTests {
    private func ended(_ number: Int, _ outcome: InvocationOutcome = .succeeded, at: Int64 = Samples.moment)
        -> InvocationRecord
    {
        var record = Samples.ended(outcome)
        record.id = InvocationID(high: 0, low: UInt64(number))
        record.atMilliseconds = at
        return record
    }

    private func store(_ records: [InvocationRecord], _ change: (inout LogLimits) -> Void = { _ in }) async throws
        -> FunctionLogStore
    {
        var limits = LogLimits()
        change(&limits)
        let store = try Samples.store(nil, limits: limits)
        store.append(contentsOf: records)
        await store.flush()
        return store
    }

    @Test("The newest come first, with their waits, runs and outcomes")
    func order() async throws {
        let store = try await store((1...5).map { ended($0, $0 == 4 ? .failed(.timedOut) : .succeeded) })
        defer { store.stop() }
        let records = store.invocations(of: Samples.hello, last: 3)
        #expect(records.map(\.outcome) == ["ok", "timed_out", "ok"])
        #expect(records.map { $0.id.suffix(1) } == ["5", "4", "3"])
        #expect(records[0].queueMilliseconds == 0.312 && records[0].durationMilliseconds == 4.812)
        #expect(records[0].function == "hello" && records[0].worker == "w1")
        let failed = store.invocations(of: Samples.hello, last: 9) { $0 != .succeeded }
        #expect(failed.map(\.outcome) == ["timed_out"])
    }

    @Test("They are bounded by number, by age, and all together; ordinary ones count though the log leaves them out")
    func bounded() async throws {
        let many = try await store((1...100).map { ended($0) }) {
            $0.maximumInvocations = 10
            $0.bytesPerSecond = 1
        }
        defer { many.stop() }
        #expect(many.invocations(of: Samples.hello, last: 1_000).count == 10)
        let old = try await store([ended(1, at: Samples.moment - 90_000_000), ended(2)])
        defer { old.stop() }
        #expect(old.invocations(of: Samples.hello, last: 9).map { $0.id.suffix(1) } == ["2"])
        let total = try await store((1...100).map { ended($0) }) { $0.maximumTotalInvocations = 40 }
        defer { total.stop() }
        #expect(total.invocations(of: Samples.hello, last: 1_000).count == 30)
    }

    @Test("With no room for records none are kept")
    func off() async throws {
        let store = try await store([ended(1)]) { $0.maximumInvocations = 0 }
        defer { store.stop() }
        #expect(store.invocations(of: Samples.hello, last: 9).isEmpty)
    }

    @Test("One is found by its id, with the lines that belong to it")
    func detail() async throws {
        let store = try await store([ended(1), Samples.ended()])
        defer { store.stop() }
        var line = Samples.line("mine")
        line.invocation = Samples.id
        store.append(contentsOf: [Samples.line("nobody's"), line])
        await store.flush()
        let detail = try #require(store.invocation(Samples.id))
        #expect(detail.record.id == Samples.id.description)
        #expect(detail.lines.map(\.message) == ["mine"])
        #expect(store.invocation(InvocationID(high: 9, low: 9)) == nil)
    }

    @Test("A peak that becomes known later is filled in, a known one stays")
    func peak() {
        var record = Samples.ended(peak: nil)
        record.setPeakMemory(bytes: 77)
        #expect(record.summary?.peakMemoryBytes == 77)
        record.setPeakMemory(bytes: 88)
        #expect(record.summary?.peakMemoryBytes == 77)
    }
}
