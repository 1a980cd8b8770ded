import FunctionCatalog
import FunctionModel

/// Lets the catalogue remove old versions that nothing uses, some time after the last change: once for many.
actor VersionCollector {
    private let catalog: FunctionCatalog
    private let plane: DataPlane
    private var isScheduled = false

    private static let delayMilliseconds = 5_000

    init(catalog: FunctionCatalog, plane: DataPlane) {
        self.catalog = catalog
        self.plane = plane
    }

    func request() {
        guard !isScheduled else { return }
        isScheduled = true
        Task {
            try? await Task.sleep(for: .milliseconds(Self.delayMilliseconds))
            await collect()
        }
    }

    private func collect() async {
        isScheduled = false
        let used = await plane.ask { $0.versionsInUse }
        let removed = await catalog.collect(inUse: used)
        if !removed.isEmpty { plane.tell { $0.forgetCounters(of: removed) } }
    }
}
