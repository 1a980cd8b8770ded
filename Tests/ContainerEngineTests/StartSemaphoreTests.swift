import Testing

@testable import ContainerEngine

@Suite(.timeLimit(.minutes(1))) struct StartSemaphoreTests {
    @Test("Waiters get in one by one in the order in which they came")
    func fair() async throws {
        let semaphore = StartSemaphore(permits: 1)
        let order = Shared<[Int]>([])
        try await semaphore.acquire()
        var tasks: [Task<Void, any Error>] = []
        for index in 0..<10 {
            tasks.append(
                Task {
                    try await semaphore.acquire()
                    order.update { $0.append(index) }
                    semaphore.release()
                })
            try await waitUntil { semaphore.waiting > index }
        }
        semaphore.release()
        for task in tasks { try await task.value }
        #expect(order.value == Array(0..<10))
    }

    @Test("Those that go first are let in before all others, in their own order")
    func first() async throws {
        let semaphore = StartSemaphore(permits: 1)
        let order = Shared<[Int]>([])
        try await semaphore.acquire()
        var tasks: [Task<Void, any Error>] = []
        for index in 0..<6 {
            tasks.append(
                Task {
                    try await semaphore.acquire(isFirst: index >= 4)
                    order.update { $0.append(index) }
                    semaphore.release()
                })
            try await waitUntil { semaphore.waiting > index }
        }
        semaphore.release()
        for task in tasks { try await task.value }
        #expect(order.value == [4, 5, 0, 1, 2, 3])
    }

    @Test("A cancelled waiter leaves the queue and takes nobody's place")
    func cancelled() async throws {
        let semaphore = StartSemaphore(permits: 1)
        try await semaphore.acquire()
        let first = Task { try await semaphore.acquire() }
        try await waitUntil { semaphore.waiting == 1 }
        let second = Task { try await semaphore.acquire() }
        try await waitUntil { semaphore.waiting == 2 }
        first.cancel()
        await #expect(throws: EngineError.self) { try await first.value }
        #expect(semaphore.waiting == 1)
        semaphore.release()
        try await second.value
    }

    @Test("One that is cancelled before it asks never waits")
    func cancelledBefore() async throws {
        let semaphore = StartSemaphore(permits: 1)
        try await semaphore.acquire()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            try await semaphore.acquire()
        }
        task.cancel()
        await #expect(throws: EngineError.self) { try await task.value }
        semaphore.release()
        try await semaphore.acquire()
    }

    @Test("Never more are in than permitted, with cancellations in between")
    func bounded() async {
        let semaphore = StartSemaphore(permits: 3)
        let inside = Shared((now: 0, most: 0, done: 0))
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<300 {
                group.addTask {
                    let task = Task {
                        try await semaphore.acquire()
                        inside.update { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.done) }
                        await Task.yield()
                        inside.update { $0 = ($0.now - 1, $0.most, $0.done + 1) }
                        semaphore.release()
                    }
                    if index % 3 == 0 { task.cancel() }
                    _ = try? await task.value
                }
            }
        }
        #expect(inside.value.most <= 3)
        #expect(inside.value.done >= 200)
        #expect(semaphore.waiting == 0)
    }
}
