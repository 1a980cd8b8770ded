import Testing

@testable import OutboundHTTP

/// Who may start.
@Suite struct OutboundQueueTests {
    private func queue(_ limit: Int, perHost: Int) -> OutboundQueue<Int> {
        OutboundQueue(limit: limit, limitPerHost: perHost)
    }

    private func started(_ queue: inout OutboundQueue<Int>) -> [Int] {
        var ids: [Int] = []
        while let id = queue.next() { ids.append(id) }
        return ids
    }

    @Test("No more than the limit start; each that ends lets the next one in")
    func limit() {
        var queue = queue(2, perHost: 8)
        for id in 1...4 { queue.enqueue(id, host: "a", deadline: 1000) }
        #expect(started(&queue) == [1, 2])
        queue.finish(host: "a")
        #expect(started(&queue) == [3])
        #expect(queue.waitingCount == 1)
        #expect(queue.activeCount == 2)
    }

    @Test("A host at its limit keeps no other host waiting")
    func limitPerHost() {
        var queue = queue(8, perHost: 2)
        for id in 1...4 { queue.enqueue(id, host: "slow", deadline: 1000) }
        queue.enqueue(5, host: "b", deadline: 1000)
        #expect(started(&queue) == [1, 5, 2])
        queue.finish(host: "b")
        #expect(started(&queue) == [])
        queue.finish(host: "slow")
        #expect(started(&queue) == [3])
    }

    @Test("Hosts come in turn")
    func turns() {
        var queue = queue(1, perHost: 1)
        for id in 1...3 { queue.enqueue(id, host: "many", deadline: 1000) }
        queue.enqueue(4, host: "one", deadline: 1000)
        #expect(started(&queue) == [1])
        queue.finish(host: "many")
        #expect(started(&queue) == [4])
        queue.finish(host: "one")
        #expect(started(&queue) == [2])
    }

    @Test("One that was removed does not start")
    func remove() {
        var queue = queue(8, perHost: 8)
        queue.enqueue(1, host: "a", deadline: 1000)
        queue.enqueue(2, host: "a", deadline: 1000)
        let removed = [queue.remove(1, host: "a"), queue.remove(1, host: "a")]
        #expect(removed == [true, false])
        #expect(started(&queue) == [2])
        let isStartedRemoved = queue.remove(2, host: "a")
        #expect(!isStartedRemoved)
    }

    @Test("Those whose deadline has come are taken out, the others stay")
    func expire() {
        var queue = queue(1, perHost: 1)
        queue.enqueue(1, host: "a", deadline: 30)
        queue.enqueue(2, host: "a", deadline: 10)
        queue.enqueue(3, host: "b", deadline: 20)
        #expect(queue.nextDeadline == 10)
        let early = queue.expire(now: 9)
        #expect(early.isEmpty)
        let expired = queue.expire(now: 20)
        #expect(Set(expired) == [2, 3])
        #expect(queue.nextDeadline == 30)
        #expect(started(&queue) == [1])
        #expect(queue.nextDeadline == nil)
    }

    @Test("Whatever happens, limits hold, nothing is lost and nobody waits while there is a place")
    func random() {
        var random = Seeded(state: 7)
        for _ in 0..<200 {
            var queue = queue(3, perHost: 2)
            var waiting: [Int: (host: String, deadline: Int)] = [:]
            var active: [String] = []
            for step in 0..<200 {
                let host = ["a", "b", "c"][Int(random.next() % 3)]
                switch random.next() % 5 {
                case 0, 1:
                    let deadline = step + Int(random.next() % 50)
                    waiting[step] = (host, deadline)
                    queue.enqueue(step, host: host, deadline: deadline)
                case 2:
                    if let index = active.indices.randomElement(using: &random) {
                        queue.finish(host: active.remove(at: index))
                    }
                case 3:
                    if let id = waiting.keys.sorted().randomElement(using: &random), let entry = waiting[id] {
                        let isRemoved = queue.remove(id, host: entry.host)
                        #expect(isRemoved)
                        waiting[id] = nil
                    }
                default:
                    let due = waiting.filter { $0.value.deadline <= step }.keys
                    let expired = queue.expire(now: step)
                    #expect(Set(expired) == Set(due))
                    for id in due { waiting[id] = nil }
                }
                while let id = queue.next() { active.append(waiting.removeValue(forKey: id)?.host ?? "lost") }
                #expect(active.count <= 3)
                for host in ["a", "b", "c"] {
                    let count = active.count { $0 == host }
                    #expect(count <= 2)
                    let isWaiting = waiting.values.contains { $0.host == host }
                    #expect(!isWaiting || count == 2 || active.count == 3)
                }
                #expect(queue.waitingCount == waiting.count)
                #expect(queue.activeCount == active.count)
            }
        }
    }
}

/// The same numbers in every run.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
