package import FunctionModel

/// Everything that is counted of one function on the data plane: plain integers on its event loop, read as a copy.
package struct FunctionStatistics: Sendable {
    /// Versions that are counted apart; what was counted of older ones is forgotten, so that deployments do not make
    /// the metrics grow.
    package static let maximumVersions = 10

    package private(set) var versions: [VersionCounters] = []
    package private(set) var coldStarts = 0
    package private(set) var duration = DurationHistogram()
    package private(set) var queueWait = DurationHistogram()
    package private(set) var workerStart = DurationHistogram()
    package private(set) var workerFailures = 0
    package var recent: RecentStatistics
    package var workerTime: WorkerTime

    package init(now: MonotonicTime) {
        recent = RecentStatistics(now: now)
        workerTime = WorkerTime(now: now)
    }

    /// A worker has an invocation, which waited this long for it.
    package mutating func began(queueNanoseconds: Int64, isCold: Bool) {
        queueWait.add(nanoseconds: queueNanoseconds)
        if isCold { coldStarts += 1 }
    }

    /// An invocation has ended.
    ///
    /// - Parameters:
    ///   - version: 0 when no worker had it.
    ///   - runNanoseconds: since a worker had it; nil when none did.
    ///   - latencyNanoseconds: since it arrived.
    package mutating func ended(
        _ outcome: InvocationOutcome, version: Int, runNanoseconds: Int64?, latencyNanoseconds: Int64,
        now: MonotonicTime
    ) {
        if let runNanoseconds { duration.add(nanoseconds: runNanoseconds) }
        recent.add(latencyNanoseconds: latencyNanoseconds, isFailure: outcome != .succeeded, now: now)
        // The newest version is looked for first: nearly everything is of it.
        var index = versions.count - 1
        while index >= 0, versions[index].version != version { index -= 1 }
        if index < 0 { index = insert(version) }
        versions[index].add(outcome)
    }

    package mutating func workerBecameReady(afterNanoseconds: Int64) { workerStart.add(nanoseconds: afterNanoseconds) }

    /// A worker could not start, or ended without having been asked to.
    package mutating func workerFailed() { workerFailures += 1 }

    /// Keeps the versions in their order.
    private mutating func insert(_ version: Int) -> Int {
        if versions.count >= Self.maximumVersions {
            let oldest = versions.firstIndex { $0.version != 0 } ?? 0
            versions.remove(at: oldest)
        }
        let index = versions.firstIndex { $0.version > version } ?? versions.count
        versions.insert(VersionCounters(version: version), at: index)
        return index
    }
}
