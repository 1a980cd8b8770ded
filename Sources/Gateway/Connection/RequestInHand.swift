import DispatchCore
import HTTPCodec
import NIOCore

/// The request that a connection is reading or answering.
struct RequestInHand {
    /// What is done once the request is complete.
    enum Purpose {
        case invoke(Route, parameters: [(name: String, value: String)])
        /// Answered by the gateway itself.
        case answer(OwnAnswer)
        /// About an event that was accepted before.
        case stored(StoredRequest)
        /// Handed on as it is.
        case whole(maxBodyBytes: Int)

        /// Whether no function will see the request.
        var isRefusal: Bool {
            switch self {
            case .invoke, .whole: false
            case .answer, .stored: true
            }
        }
    }

    var head: HTTPRequestHead
    var purpose: Purpose
    var body = ByteBuffer()

    /// Takes a part of the body. The first is kept as it is, so that most bodies are never copied.
    mutating func append(_ part: ByteBuffer) {
        guard body.readableBytes > 0 else {
            body = part
            return
        }
        if body.writableBytes < part.readableBytes, case .length(let length) = head.framing {
            // Room for the whole, but not on the word of a client that has sent next to nothing.
            let arrived = body.readableBytes + part.readableBytes
            var larger = ByteBufferAllocator().buffer(capacity: max(arrived, min(length, 4 * arrived)))
            larger.writeImmutableBuffer(body)
            body = larger
        }
        body.writeImmutableBuffer(part)
    }
}

/// An answer that needs no function.
enum OwnAnswer {
    case health
    /// With `events`: whether events are accepted too.
    case readiness(events: Bool)
    case problem(ProblemDocument)
    /// Status 200, fields and no body.
    case empty(HTTPFields)
}
