import DispatchCore
import FunctionModel
import Logging
import NIOCore
import Observability
import WorkerProtocol

extension Dispatcher: WorkerChannelDelegate {
    private func entry(_ worker: WorkerChannel) -> WorkerEntry? { channels[worker.id] }

    func workerReady(_ worker: WorkerChannel) {
        guard let entry = entry(worker) else { return }
        entry.channelIsReady = true
        becomeReady(entry)
    }

    /// An `http` handler is ready when its server takes connections, any other when its channel says so.
    func becomeReady(_ entry: WorkerEntry) {
        guard entry.channelIsReady, entry.isConnected || entry.version.contract != .http else { return }
        guard entry.readyAt == nil, entry.stopReason == nil else { return }
        entry.readyAt = now
        entry.initTimer?.cancel()
        entry.initTimer = nil
        let milliseconds = now.milliseconds(since: entry.startedAt)
        if observation.countsMetrics {
            entry.function.statistics.workerBecameReady(afterNanoseconds: now.nanoseconds(since: entry.startedAt))
        }
        log(.info, "A worker is ready", entry, ["milliseconds": "\(milliseconds)"])
        withPool(entry.function) { $0.workerReady(entry.id, now: $1, actions: &$2) }
    }

    func worker(_ worker: WorkerChannel, reply: InvocationReply, to id: InvocationID) {
        guard let entry = entry(worker) else { return }
        replied(reply, to: id, by: entry)
    }

    func worker(_ worker: WorkerChannel, finished id: InvocationID) {
        guard let entry = entry(worker) else { return }
        finished(id, by: entry)
    }

    func worker(_ worker: WorkerChannel, initFailed failure: InvocationFailure) {
        guard let entry = entry(worker), entry.readyAt == nil else { return }
        giveUpStart(entry, failure)
    }

    func workerNeedsConnection(_ worker: WorkerChannel) {
        guard let entry = entry(worker) else { return }
        environment.command(.connect(entry.id))
    }

    func worker(_ worker: WorkerChannel, broke failure: InvocationFailure) {
        guard let entry = entry(worker) else { return }
        broke(entry, failure)
    }

    func worker(_ worker: WorkerChannel, event: WorkerEvent) {
        guard let entry = entry(worker) else { return }
        let level: Logger.Level =
            switch event {
            case .lateAnswer, .foreignAnswer, .refusedAnswer, .malformedRequest, .unexpectedOutput, .connectionFailed:
                .warning
            case .runtimeIdentified, .extensionRegistered, .runEnded: .debug
            }
        guard logger.logLevel <= level else { return }
        let allowed = entry.notes.admit(now: now)
        guard allowed.isWritten else { return }
        log(level, "A worker's handler did something of note", entry, ["event": "\(event)"])
        tellWithheld(allowed.withheld, entry)
    }

    /// A handler may do these things as often as it likes.
    func tellWithheld(_ count: Int, _ entry: WorkerEntry) {
        guard count > 0 else { return }
        log(.warning, "More of the same of this worker's handler was not logged", entry, ["count": "\(count)"])
    }
}
