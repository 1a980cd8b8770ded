import DequeModule
import FunctionModel
import NIOCore

/// Recognises the second try of a call. The attempts of one call carry the same `amz-sdk-invocation-id`: a client that
/// did not get the answer in time, or lost it on the way, sends the call again, and it must not run twice.
///
/// A later attempt joins the first while that runs, and gets its answer for five minutes after. What is kept is
/// bounded: the answers that were handed to a connection and those that nobody was there to take have each a budget of
/// their own, so that traffic which goes well cannot push out the answers that will be asked for. A refusal is not kept,
/// since the next attempt has to be tried.
struct AttemptTable<Waiter> {
    typealias Call = AttemptedCall

    private struct Kept {
        let answer: InvokeAnswer
        let endedAt: MonotonicTime
        let cost: Int
    }

    private enum Entry {
        case running([Waiter])
        case ended(Kept)
    }

    /// Answers in the order in which they ended.
    private struct Shelf {
        var calls = Deque<Call>()
        var bytes = 0
    }

    private var entries: [Call: Entry] = [:]
    private var shelves = [Shelf(), Shelf()]

    private static var keepMilliseconds: Int { 300_000 }
    private let maxBytes: Int
    private let maxAnswers: Int

    /// - Parameters:
    ///   - maxBytes: of the answers on each of the two shelves.
    ///   - maxAnswers: on each of them.
    init(maxBytes: Int = 16 << 20, maxAnswers: Int = 16_384) {
        self.maxBytes = maxBytes
        self.maxAnswers = maxAnswers
    }

    /// The answers that are kept.
    var keptCount: Int { shelves[0].calls.count + shelves[1].calls.count }

    enum Arrival {
        /// Nobody has tried it before: it runs, and its end has to be told.
        case runs
        /// It runs already; the exchange gets the answer of that run.
        case joined
        case ended(InvokeAnswer)
    }

    mutating func arrived(_ call: Call, _ waiter: Waiter, now: MonotonicTime) -> Arrival {
        // What has expired goes first, so that a call has at most one place on the shelves.
        for shelf in shelves.indices { trim(shelf, now: now) }
        switch entries[call] {
        case .running(let waiters):
            entries[call] = .running(waiters + [waiter])
            return .joined
        case .ended(let kept): return .ended(kept.answer)
        case nil:
            entries[call] = .running([])
            return .runs
        }
    }

    /// The run of a call has ended. Gives those that joined it, who get its answer.
    mutating func ended(_ call: Call) -> [Waiter] {
        guard case .running(let waiters) = entries[call] else { return [] }
        entries[call] = nil
        return waiters
    }

    /// Keeps the answer of a call that has ended.
    ///
    /// - Parameter wasTaken: whether somebody was there to take it.
    mutating func keep(_ call: Call, _ answer: InvokeAnswer, wasTaken: Bool, now: MonotonicTime) {
        guard entries[call] == nil else { return }
        var answer = answer
        // A small answer may lie in a large buffer.
        if answer.body.storageCapacity > 2 * answer.body.readableBytes + 512 {
            answer.body = ByteBuffer(bytes: answer.body.readableBytesView)
        }
        let cost = 256 + answer.body.readableBytes
        guard cost <= maxBytes / 2 else { return }
        let shelf = wasTaken ? 0 : 1
        entries[call] = .ended(Kept(answer: answer, endedAt: now, cost: cost))
        shelves[shelf].calls.append(call)
        shelves[shelf].bytes += cost
        trim(shelf, now: now)
    }

    private mutating func trim(_ shelf: Int, now: MonotonicTime) {
        while let oldest = shelves[shelf].calls.first {
            guard case .ended(let kept) = entries[oldest] else {
                preconditionFailure("an answer that is kept has an entry")
            }
            let isOver = shelves[shelf].bytes > maxBytes || shelves[shelf].calls.count > maxAnswers
            guard isOver || now >= kept.endedAt.advanced(byMilliseconds: Self.keepMilliseconds) else { return }
            shelves[shelf].calls.removeFirst()
            shelves[shelf].bytes -= kept.cost
            entries[oldest] = nil
        }
    }
}
