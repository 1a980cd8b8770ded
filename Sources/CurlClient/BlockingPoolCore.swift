import Dispatch
import LinuxSystem
import Synchronization

/// The queue and the threads of a ``BlockingPool``; threads hold it, so it outlives the pool until the last one ends.
final class BlockingPoolCore<Resource: ~Copyable>: Sendable {
    typealias Job = @Sendable (borrowing Resource) -> Void

    private struct State {
        var jobs: [Job] = []
        var threads = 0
        var idle = 0
        var isStopped = false
    }

    private let state = Mutex(State())
    /// Signalled once for each job.
    private let wake = DispatchSemaphore(value: 0)
    private let name: String
    private let limit: Int
    private let idleSeconds: Int
    private let make: @Sendable () -> Resource

    init(name: String, threads: Int, idleSeconds: Int, make: @escaping @Sendable () -> Resource) {
        self.name = name
        self.limit = threads
        self.idleSeconds = idleSeconds
        self.make = make
    }

    var threadCount: Int { state.withLock { $0.threads } }

    func submit(_ job: @escaping Job) {
        let needsThread = state.withLock { state in
            state.jobs.append(job)
            guard state.jobs.count > state.idle, state.threads < limit else { return false }
            state.threads += 1
            return true
        }
        if needsThread, !startThread() {
            // Without even one thread nobody else would ever run it.
            let isAlone = state.withLock { state in
                state.threads -= 1
                return state.threads == 0
            }
            if isAlone {
                if let job = takeJob() { job(make()) }
                return
            }
        }
        wake.signal()
    }

    /// Lets the threads end when the queue is empty.
    func stop() {
        let threads = state.withLock { state in
            state.isStopped = true
            return state.threads
        }
        for _ in 0..<threads { wake.signal() }
    }

    /// What each thread does.
    func work() {
        let resource = make()
        while let job = nextJob() { job(resource) }
    }

    /// Waits for a job; nil when the thread shall end. It is then no longer counted.
    private func nextJob() -> Job? {
        state.withLock { $0.idle += 1 }
        while true {
            let isTimeout = wake.wait(timeout: .now() + .seconds(idleSeconds)) == .timedOut
            let step: (job: Job?, ends: Bool) = state.withLock { state in
                if !state.jobs.isEmpty {
                    state.idle -= 1
                    return (state.jobs.removeFirst(), false)
                }
                guard isTimeout || state.isStopped else { return (nil, false) }
                state.idle -= 1
                state.threads -= 1
                return (nil, true)
            }
            if let job = step.job { return job }
            if step.ends { return nil }
        }
    }

    private func takeJob() -> Job? {
        state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
    }

    private func startThread() -> Bool {
        do throws(SystemError) {
            _ = try DedicatedThread(name: name, stackBytes: 512 << 10) { self.work() }
            return true
        } catch {
            return false
        }
    }
}
