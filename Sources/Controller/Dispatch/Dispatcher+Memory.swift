import ContainerEngine
import DispatchCore
import FunctionModel
import NIOCore

/// Memory: room for workers that are to start, and an eye on those that work.
extension Dispatcher {
    // MARK: The budget

    /// A start waits for memory: idle workers of other functions give up theirs, the longest idle first, when together
    /// they have enough. Whether that will do is the supervisor's to say. Workers that are busy may be idle in a moment,
    /// since most calls are short: these are waited for a little while.
    func memoryShort(_ id: WorkerID, bytes: Int, looks: Int = 1) {
        // One that was called off meanwhile needs none.
        guard let entry = workers[id], entry.stopReason == nil, !makeRoom(for: entry.function, bytes: bytes),
            looks < Self.mostLooks
        else { return environment.command(.looked(id)) }
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: .milliseconds(Self.lookMilliseconds)) {
            bound.value.memoryShort(id, bytes: bytes, looks: looks + 1)
        }
    }

    /// How often, and how far apart, idle workers are looked for: half a second together.
    private static let mostLooks = 11
    private static let lookMilliseconds: Int64 = 50

    /// False when others have too little to give up; none is given up then.
    private func makeRoom(for function: DeployedFunction, bytes: Int) -> Bool {
        let others = allServing.filter { $0 !== function && $0.pool.evictableCount > 0 }
        let possible = others.reduce(0) { $0 + $1.pool.evictableCount * $1.workerBytes }
        guard possible >= bytes else { return false }
        var left = bytes
        while left > 0 {
            let victim =
                others
                .compactMap { other in other.pool.evictableSince.map { (function: other, since: $0) } }
                .min { $0.since < $1.since }?.function
            guard let victim else { break }
            left -= victim.workerBytes
            withPool(victim) { pool, _, actions in _ = pool.evictIdle(actions: &actions) }
        }
        return true
    }

    // MARK: Workers

    /// An invocation has ended on the worker, and its memory is due to be looked at.
    func lookAtMemory(of entry: WorkerEntry) {
        guard let container = entry.container,
            let bytes = environment.usage(container, entry.memoryWatch.relevantBytes)
        else { return }
        weigh(entry, bytes: bytes)
    }

    /// Reads the memory of workers that just ran something, each at most four times a second.
    func sampleMemory() {
        let now = now
        let entries = worked.compactMap { workers[$0] }
        worked.removeAll(keepingCapacity: true)
        for entry in entries {
            guard let container = entry.container else { continue }
            if let sampled = entry.memorySampledAt, now.milliseconds(since: sampled) < 250 { continue }
            entry.memorySampledAt = now
            guard let reading = environment.memory(container) else { continue }
            entry.peakMemoryBytes = reading.peakBytes
            weigh(entry, bytes: reading.currentBytes)
        }
    }

    /// Replaces a worker before the kernel ends it in the middle of a request.
    private func weigh(_ entry: WorkerEntry, bytes: Int) {
        let running = entry.function.pool.worker(entry.id)?.inFlight ?? 0
        switch entry.memoryWatch.looked(bytes: bytes, running: running) {
        case .fine: break
        case .leaks: withPool(entry.function) { $0.retire(entry.id, now: $1, actions: &$2) }
        case .exhausted: withPool(entry.function) { $0.exhausted(entry.id, now: $1, actions: &$2) }
        }
    }
}
