import AdminModel
import ContainerEngine
import DispatchCore
import FunctionModel

extension WorkerInfo {
    /// One worker of the data plane. Called on its loop.
    init(_ entry: WorkerEntry, phase: PooledWorker.Phase?, inFlight: Int, now: MonotonicTime, unixMilliseconds: Int64) {
        self.init(
            id: entry.label, function: entry.function.name.rawValue, version: entry.version.number,
            published: entry.version.publishedNumber,
            state: Self.state(phase, inFlight: inFlight), container: entry.container?.engineID,
            pid: entry.container?.processID.map(Int.init),
            startedAtMilliseconds: unixMilliseconds - now.milliseconds(since: entry.startedAt),
            invocations: entry.served, inFlight: inFlight, memoryBytes: nil)
    }

    private static func state(_ phase: PooledWorker.Phase?, inFlight: Int) -> String {
        switch phase {
        case .starting: "starting"
        case .ready, .retiring: inFlight > 0 ? "busy" : "idle"
        case .draining: "draining"
        case .stopping, nil: "stopping"
        }
    }
}
