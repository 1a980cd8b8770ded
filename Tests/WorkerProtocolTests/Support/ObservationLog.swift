import Dispatch
import FunctionModel
import HTTPCodec
import NIOCore
import Synchronization
import WorkerProtocol

/// What a delegate was told, in a form that tests compare.
enum Observation: Equatable, Sendable {
    case ready
    case result(InvocationID, String)
    /// The status and the fields as `name=value`.
    case head(InvocationID, Int, [String])
    case chunk(InvocationID, String)
    case end(InvocationID)
    case failure(InvocationID, FailureCode, payload: String?)
    case finished(InvocationID)
    case initFailed(FailureCode, payload: String?)
    case needsConnection
    case broke(FailureCode)
    case event(String)
}

/// Observations in their order; waited for without sleeping.
final class ObservationLog: Sendable {
    private let entries = Mutex<[Observation]>([])
    private let arrived = DispatchSemaphore(value: 0)

    func add(_ observation: Observation) {
        entries.withLock { $0.append(observation) }
        arrived.signal()
    }

    /// The next one; nil when none comes within five seconds.
    func next() -> Observation? {
        guard arrived.wait(timeout: .now() + 5) == .success else { return nil }
        return entries.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    var isEmpty: Bool { entries.withLock { $0.isEmpty } }
}

/// Writes everything down. Confined to the event loop like every delegate; only the log is shared.
final class RecordingDelegate: WorkerChannelDelegate {
    private let log: ObservationLog
    /// The details of failures, for tests that look at sentences.
    let details: SentenceLog

    init(log: ObservationLog, details: SentenceLog) {
        self.log = log
        self.details = details
    }

    func workerReady(_ worker: WorkerChannel) { log.add(.ready) }

    func worker(_ worker: WorkerChannel, reply: InvocationReply, to id: InvocationID) {
        switch reply {
        case .result(let bytes): log.add(.result(id, String(buffer: bytes)))
        case .responseHead(let head):
            log.add(.head(id, head.status, head.fields.pairs.map { "\($0.name)=\($0.value)" }))
        case .responseChunk(let bytes): log.add(.chunk(id, String(buffer: bytes)))
        case .responseEnd: log.add(.end(id))
        case .failure(let failure):
            details.add(failure.detail)
            log.add(.failure(id, failure.code, payload: failure.payload.map { String(buffer: $0) }))
        }
    }

    func worker(_ worker: WorkerChannel, finished id: InvocationID) { log.add(.finished(id)) }

    func worker(_ worker: WorkerChannel, initFailed failure: InvocationFailure) {
        log.add(.initFailed(failure.code, payload: failure.payload.map { String(buffer: $0) }))
    }

    func workerNeedsConnection(_ worker: WorkerChannel) { log.add(.needsConnection) }

    func worker(_ worker: WorkerChannel, broke failure: InvocationFailure) {
        details.add(failure.detail)
        log.add(.broke(failure.code))
    }

    func worker(_ worker: WorkerChannel, event: WorkerEvent) {
        switch event {
        case .lateAnswer: log.add(.event("late"))
        case .foreignAnswer: log.add(.event("foreign"))
        case .refusedAnswer: log.add(.event("refused"))
        case .malformedRequest(let error): log.add(.event("malformed \(error.reason)"))
        case .runtimeIdentified(let name): log.add(.event("runtime \(name)"))
        case .extensionRegistered(let name): log.add(.event("extension \(name)"))
        case .unexpectedOutput(let text): log.add(.event("output \(text)"))
        case .runEnded(_, let peak, _, _): log.add(.event("run \(peak)"))
        case .connectionFailed: break
        }
    }
}

/// The sentences of failures.
final class SentenceLog: Sendable {
    private let entries = Mutex<[String]>([])

    func add(_ sentence: String) { entries.withLock { $0.append(sentence) } }

    var last: String { entries.withLock { $0.last ?? "" } }
}
