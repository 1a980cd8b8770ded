package import FunctionModel

/// What a pool has to know of one version.
package struct PoolSettings: Hashable, Sendable {
    package var version: Int
    package var workers: WorkerSettings

    package init(version: Int, workers: WorkerSettings) {
        self.version = version
        self.workers = workers
    }
}
