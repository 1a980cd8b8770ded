import FunctionModel
import HTTPCodec
import NIOCore
import Testing

@testable import Controller

@Suite("The second try of a call")
struct AttemptTableTests {
    private let start = MonotonicTime(nanoseconds: 1_000_000_000)

    private func call(_ number: UInt64, caller: String = "key") throws -> AttemptedCall {
        let name = try #require(FunctionName("hello"))
        return AttemptedCall(
            id: InvocationID(high: number, low: 1), function: name, qualifier: nil, caller: caller)
    }

    private func answer(_ text: String) -> InvokeAnswer {
        InvokeAnswer(
            id: InvocationID(high: 9, low: 9), status: 200, fields: HTTPFields(), body: ByteBuffer(string: text),
            hasRun: true)
    }

    private func text(_ arrival: AttemptTable<Int>.Arrival) -> String? {
        guard case .ended(let answer) = arrival else { return nil }
        return String(buffer: answer.body)
    }

    @Test("It joins the first while that runs, and gets its answer afterwards")
    func joins() throws {
        var table = AttemptTable<Int>()
        let call = try call(1)
        guard case .runs = table.arrived(call, 1, now: start) else { return Issue.record("the first runs") }
        guard case .joined = table.arrived(call, 2, now: start) else { return Issue.record("the second joins") }
        guard case .joined = table.arrived(call, 3, now: start) else { return Issue.record("the third joins") }
        #expect(table.ended(call) == [2, 3])
        table.keep(call, answer("result"), wasTaken: true, now: start)
        #expect(text(table.arrived(call, 4, now: start.advanced(byMilliseconds: 299_999))) == "result")
        guard case .runs = table.arrived(call, 5, now: start.advanced(byMilliseconds: 300_000)) else {
            return Issue.record("after five minutes it runs again")
        }
    }

    @Test("A refused call is tried again")
    func refusal() throws {
        var table = AttemptTable<Int>()
        let call = try call(1)
        _ = table.arrived(call, 1, now: start)
        #expect(table.ended(call).isEmpty)
        guard case .runs = table.arrived(call, 2, now: start) else { return Issue.record("it runs") }
    }

    @Test("Another caller's call with the same id is another call")
    func callers() throws {
        var table = AttemptTable<Int>()
        _ = table.arrived(try call(1), 1, now: start)
        guard case .runs = table.arrived(try call(1, caller: "other"), 2, now: start) else {
            return Issue.record("it runs")
        }
    }

    @Test("What is kept is bounded, and answers that nobody took outlive those that were")
    func bounds() throws {
        var table = AttemptTable<Int>(maxBytes: 10_000, maxAnswers: 8)
        let lost = try call(1000)
        _ = table.arrived(lost, 0, now: start)
        _ = table.ended(lost)
        table.keep(lost, answer("lost"), wasTaken: false, now: start)
        for number in 0..<100 as Range<UInt64> {
            let call = try call(number)
            _ = table.arrived(call, 0, now: start)
            _ = table.ended(call)
            table.keep(call, answer("taken"), wasTaken: true, now: start)
            #expect(table.keptCount <= 9)
        }
        #expect(text(table.arrived(lost, 1, now: start)) == "lost")
        #expect(text(table.arrived(try call(99), 1, now: start)) == "taken")
        let large = try call(2000)
        _ = table.arrived(large, 0, now: start)
        _ = table.ended(large)
        table.keep(large, answer(String(repeating: "x", count: 6000)), wasTaken: true, now: start)
        guard case .runs = table.arrived(large, 1, now: start) else { return Issue.record("too large to be kept") }
    }
}
