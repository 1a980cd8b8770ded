import Dispatch
import Synchronization

/// Runs looks at entries a few at a time on threads of their own, and gathers what they found, so that a burst of
/// results is taken at once.
final class StagingQueue: Sendable {
    private struct State {
        var waiting: [StagingJob] = []
        var running = 0
        var results: [(entry: String, result: StagingJob.Result)] = []
        /// Whether somebody has been told of results and has not taken them yet.
        var isAnnounced = false
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "glo.catalog.staging", attributes: .concurrent)
    private let width: Int
    private let announce: @Sendable () -> Void

    /// - Parameter announce: called on any thread when there are results, and not again until they are taken.
    init(width: Int, announce: @escaping @Sendable () -> Void) {
        self.width = width
        self.announce = announce
    }

    func add(_ jobs: [StagingJob]) {
        // The array is a stack of what comes last, so that taking the next costs nothing.
        state.withLock { $0.waiting.insert(contentsOf: jobs.reversed(), at: 0) }
        startWaiting()
    }

    func takeResults() -> [(entry: String, result: StagingJob.Result)] {
        state.withLock { state in
            let results = state.results
            state.results = []
            state.isAnnounced = false
            return results
        }
    }

    /// Drops what has not begun.
    func cancel() { state.withLock { $0.waiting = [] } }

    private func startWaiting() {
        while let job = next() {
            queue.async { self.finish(job, job.run()) }
        }
    }

    private func next() -> StagingJob? {
        state.withLock { state in
            guard state.running < width, let job = state.waiting.popLast() else { return nil }
            state.running += 1
            return job
        }
    }

    private func finish(_ job: StagingJob, _ result: StagingJob.Result) {
        let isNews = state.withLock { state in
            state.running -= 1
            state.results.append((job.entry, result))
            let isNews = !state.isAnnounced
            state.isAnnounced = true
            return isNews
        }
        if isNews { announce() }
        startWaiting()
    }
}
