import FunctionCatalog
import FunctionModel
import Observability

/// Lets the catalogue remove old versions that nothing uses, some time after the last change: once for many. Now and then
/// it also removes what is left of functions that are gone: their versions, and then their logs.
actor VersionCollector {
    private let catalog: FunctionCatalog
    private let plane: DataPlane
    private let log: FunctionLogStore
    private var isScheduled = false

    private static let delayMilliseconds = 5_000
    private static let sweepSeconds = 60

    init(catalog: FunctionCatalog, plane: DataPlane, log: FunctionLogStore) {
        self.catalog = catalog
        self.plane = plane
        self.log = log
    }

    func request() {
        guard !isScheduled else { return }
        isScheduled = true
        Task {
            try? await Task.sleep(for: .milliseconds(Self.delayMilliseconds))
            await collect()
        }
    }

    /// Looks for what has been gone for long, until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(Self.sweepSeconds))
            guard !Task.isCancelled, await plane.ask({ $0.hasScanned }) else { continue }
            await collect()
            log.removeFiles(except: await catalog.knownNames())
        }
    }

    private func collect() async {
        isScheduled = false
        let used = await plane.ask { $0.versionsInUse }
        let removed = await catalog.collect(inUse: used)
        if !removed.isEmpty { plane.tell { $0.forgetCounters(of: removed) } }
    }
}
