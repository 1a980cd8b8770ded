import FunctionModel
import HTTPCodec
import NIOCore
import Testing

@testable import Controller

@Suite("The second try of a call")
struct AttemptTableTests {
    private let start = MonotonicTime(nanoseconds: 1_000_000_000)

    /// What an arrival comes to: `runs`, `joined`, or the answer's text.
    private func arrival(
        _ call: AttemptedCall, _ waiter: Int, in table: inout AttemptTable<Int>, afterMilliseconds: Int = 0
    ) -> String {
        switch table.arrived(call, waiter, now: start.advanced(byMilliseconds: afterMilliseconds)) {
        case .runs: "runs"
        case .joined: "joined"
        case .ended(let answer): String(buffer: answer.body)
        }
    }

    /// A call that runs and ends at once; gives who had joined it.
    @discardableResult
    private func run(
        _ call: AttemptedCall, _ text: String, isTaken: Bool = true, in table: inout AttemptTable<Int>
    ) -> [Int] {
        _ = table.arrived(call, 0, now: start)
        let waiters = table.ended(call)
        let answer = InvokeAnswer(
            id: call.id, status: 200, fields: HTTPFields(), body: ByteBuffer(string: text), hasRun: true)
        table.keep(call, answer, wasTaken: isTaken, now: start)
        return waiters
    }

    private func call(_ number: UInt64, caller: String = "key") throws -> AttemptedCall {
        let name = try #require(FunctionName("hello"))
        return AttemptedCall(
            id: InvocationID(high: number, low: 1), function: name, qualifier: nil, caller: caller)
    }

    @Test("It joins the first while that runs, and gets its answer for five minutes after")
    func joins() throws {
        var table = AttemptTable<Int>()
        let call = try call(1)
        var seen = [arrival(call, 1, in: &table), arrival(call, 2, in: &table), arrival(call, 3, in: &table)]
        #expect(seen == ["runs", "joined", "joined"])
        let waiters = run(call, "result", in: &table)
        #expect(waiters == [2, 3, 0])
        seen = [
            arrival(call, 4, in: &table, afterMilliseconds: 299_999),
            arrival(call, 5, in: &table, afterMilliseconds: 300_000),
        ]
        #expect(seen == ["result", "runs"])
    }

    @Test("A refused call is tried again")
    func refusal() throws {
        var table = AttemptTable<Int>()
        let call = try call(1)
        let first = arrival(call, 1, in: &table)
        let waiters = table.ended(call)
        let second = arrival(call, 2, in: &table)
        #expect([first, second] == ["runs", "runs"])
        #expect(waiters.isEmpty)
    }

    @Test("Another caller's call with the same id is another call")
    func callers() throws {
        var table = AttemptTable<Int>()
        let seen = [arrival(try call(1), 1, in: &table), arrival(try call(1, caller: "other"), 2, in: &table)]
        #expect(seen == ["runs", "runs"])
    }

    @Test("What is kept is bounded, and answers that nobody took outlive those that were taken")
    func bounds() throws {
        var table = AttemptTable<Int>(maxBytes: 10_000, maxAnswers: 8)
        let lost = try call(1000)
        run(lost, "lost", isTaken: false, in: &table)
        for number in 0..<100 as Range<UInt64> {
            run(try call(number), "taken", in: &table)
            #expect(table.keptCount <= 9)
        }
        let large = try call(2000)
        run(large, String(repeating: "x", count: 6000), in: &table)
        let seen = [
            arrival(lost, 1, in: &table), arrival(try call(99), 1, in: &table), arrival(try call(0), 1, in: &table),
            arrival(large, 1, in: &table),
        ]
        #expect(seen == ["lost", "taken", "runs", "runs"])
    }
}
