import EventStore
import FunctionModel
import NIOCore

/// An event whose lease this controller has. Lives on the data plane's event loop.
final class HeldEvent {
    enum Phase {
        /// Its payload is being read from its file.
        case loading
        /// Waits for a worker, or for others of its batch.
        case ready
        case running
        /// It has run; the store has not confirmed that it knows.
        case reporting
    }

    let event: ClaimedEvent
    var payload: ByteBuffer
    var phase = Phase.ready
    /// What the store still has to be told.
    var report: EventReport?
    var isCancelled = false
    /// Where it shall run, once that was chosen among several pools.
    var target: EventTarget?
    /// Whether a report is on its way.
    var isSent = false

    init(_ event: ClaimedEvent) {
        self.event = event
        payload = event.payload
    }

    var id: InvocationID { event.id }

    /// The request that the event was made of; nil when it was published, and so is its body alone.
    var request: ByteBuffer? {
        guard let meta = event.meta, meta.getInteger(at: meta.readerIndex, as: UInt8.self) != UInt8(ascii: "{") else {
            return nil
        }
        return meta
    }

    /// What it says besides its body as a message of SQS.
    var message: MessageRecord? { event.meta.flatMap(MessageRecord.init) }

    /// The id that its sender was told, when that can be one in a record of a queue.
    var messageID: String { InvocationID(event.event) == nil ? id.description : event.event }
}

/// A report that is repeated until the store has answered it.
struct EventReport {
    var outcome: EventOutcome
    var version: Int
    /// Lines that the handler wrote, for who looks into a failure.
    var logLines: [String]
    /// Drawn once, so that a repeated report says the same.
    var random: Double
    /// The content file of a large result.
    var resultReference: String?
}
