import AdminModel

/// Whether the memory that functions may use is there.
package enum MemoryCheck {
    static let subject = Subject(
        "memory", "Memory for workers", good: "all functions' workers, up to their maxima, fit",
        why:
            "What does not fit waits or is answered with 503 no_capacity; what the host lacks, its kernel takes from somebody."
    )

    package static func finding(_ source: HostSource, _ facts: GloFacts) -> Finding {
        guard let functions = facts.functions else {
            return subject.warn(
                "\(facts.functionsDirectory) cannot be read", fix: "Make it, or run it as root or as Glo's user.")
        }
        let budget = source.memoryBytes / 100 * facts.memoryBudgetPercent
        let fits = fitting(functions, budget)
        let head =
            "\(ByteCount.text(source.memoryBytes)), \(facts.memoryBudgetPercent) % of it for workers (\(ByteCount.text(budget)))"
        if let tooLarge = functions.first(where: { $0.memoryBytes > budget }) {
            let needs = "\(tooLarge.name) needs \(ByteCount.text(tooLarge.memoryBytes)) for one worker"
            return subject.bad(
                "\(head): \(needs)", fix: "Lower its `memory`, raise memoryBudget, or take a larger machine.")
        }
        let kept = functions.reduce(0) { $0 + $1.minWorkers * $1.memoryBytes }
        guard kept <= budget else {
            return subject.bad(
                "\(head): the workers that functions keep (workers.min) need \(ByteCount.text(kept))",
                fix: "Lower `workers.min` or `memory` of some.")
        }
        let redis = ownRedisBytes(source, facts)
        let saw = "\(head); \(fits)"
        if budget + redis > source.memoryBytes * 105 / 100 {
            return subject.warn(
                "\(saw); with Redis' \(ByteCount.text(redis)) more than there is",
                fix: "Lower memoryBudget or redisMemory.")
        }
        let most = functions.reduce(0) { $0 + $1.maxWorkers * $1.memoryBytes }
        guard most > budget else { return subject.ok(saw) }
        return subject.warn(
            "\(saw); all up to their maxima would need \(ByteCount.text(most))",
            fix: "Lower `workers.max` or `memory` of the largest, or know that they share.")
    }

    /// How many workers fit, in the words of the largest and of the usual function.
    static func fitting(_ functions: [FunctionFacts], _ budget: Int) -> String {
        let sizes = Set(functions.map(\.memoryBytes)).sorted(by: >)
        guard let largest = sizes.first, let name = functions.first(where: { $0.memoryBytes == largest })?.name else {
            return "fits \(budget / (136 << 20)) workers of 128 MiB and their reserve"
        }
        let first = "fits \(budget / largest) workers of \(name)'s \(ByteCount.text(largest))"
        guard let smallest = sizes.last, smallest < largest else { return first }
        return "\(first), or \(budget / smallest) of \(ByteCount.text(smallest))"
    }

    private static func ownRedisBytes(_ source: HostSource, _ facts: GloFacts) -> Int {
        guard case .own = facts.redis.keeper else { return 0 }
        return facts.redisMemoryBytes ?? source.memoryBytes / 4
    }
}
