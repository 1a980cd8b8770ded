import Dispatch
import Testing

@testable import CurlClient

@Suite(.timeLimit(.minutes(1))) struct BlockingPoolTests {
    private struct Refused: Error, Equatable {}

    @Test("No more threads run than the pool may have, and every call is carried out")
    func bounded() async {
        let pool = BlockingPool(name: "test", threads: 3) { () }
        let running = Shared(0)
        let most = Shared(0)
        let total = Shared(0)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    await pool.run { _, _ in
                        running.update { running in
                            running += 1
                            let now = running
                            most.update { $0 = max($0, now) }
                        }
                        total.update { $0 += 1 }
                        running.update { $0 -= 1 }
                    }
                }
            }
        }
        #expect(most.value <= 3)
        #expect(total.value == 200)
        #expect(pool.threadCount <= 3)
    }

    @Test("One thread runs calls in their order")
    func order() async throws {
        let pool = BlockingPool(name: "test", threads: 1) { () }
        let gate = DispatchSemaphore(value: 0)
        let seen = Shared<[Int]>([])
        let started = Shared(false)
        async let first: Void = pool.run { _, _ in
            started.update { $0 = true }
            gate.wait()
            seen.update { $0.append(0) }
        }
        try await waitUntil { started.value }
        async let second: Void = pool.run { _, _ in seen.update { $0.append(1) } }
        gate.signal()
        _ = await (first, second)
        #expect(seen.value == [0, 1])
    }

    @Test("A failure comes back with its type")
    func failure() async {
        let pool = BlockingPool(name: "test", threads: 1) { 7 }
        await #expect(throws: Refused.self) {
            try await pool.run { _, _ throws(Refused) -> Int in throw Refused() }
        }
        #expect(await pool.run { resource, _ in resource } == 7)
    }

    @Test("Threads without work end, and new work makes new ones")
    func idle() async throws {
        let pool = BlockingPool(name: "test", threads: 2, idleSeconds: 0) { () }
        for _ in 0..<20 {
            await pool.run { _, _ in }
            try await waitUntil { pool.threadCount == 0 }
        }
    }

    @Test("A cancelled caller's work is told so")
    func cancellation() async throws {
        let pool = BlockingPool(name: "test", threads: 1) { () }
        let started = Shared(false)
        let task = Task {
            await pool.run { _, cancellation in
                started.update { $0 = true }
                while !cancellation.isCancelled {}
                return true
            }
        }
        try await waitUntil { started.value }
        task.cancel()
        #expect(await task.value)
    }
}
