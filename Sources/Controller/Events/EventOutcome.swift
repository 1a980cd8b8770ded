import FunctionModel
import NIOCore

/// What the store is told of one run of an event.
enum EventOutcome: Sendable {
    /// `head` is a JSON object with status and fields; empty when the handler gave bytes alone.
    case succeeded(head: ByteBuffer, body: ByteBuffer)
    /// The handler is to blame: it counts as an attempt.
    case failed(InvocationFailure)
    /// It did not run, since no filter of the subscription lets it pass.
    case filtered
    /// Nobody is to blame, or it has not begun: nothing is charged, and it may be claimed again after the pause.
    case released(pauseMilliseconds: Int)

    /// What a failure of an invocation means for its event.
    ///
    /// - Parameter hasBegun: whether a worker had it. What went wrong before is not the event's fault, unless the
    ///   handler cannot start at all.
    init(_ failure: InvocationFailure, hasBegun: Bool) {
        switch failure.code {
        case .noCapacity, .engineUnavailable, .stateDamaged: self = .released(pauseMilliseconds: 2_000)
        case .draining, .starting, .queueFull, .tooManyConnections, .tooManyBodies, .functionNotFound:
            self = .released(pauseMilliseconds: 0)
        case .timedOut: self = hasBegun ? .failed(failure) : .released(pauseMilliseconds: 1_000)
        case .badRequest, .ambiguousPath, .routeNotFound, .methodNotAllowed, .requestTimeout, .lengthRequired,
            .bodyTooLarge,
            .uriTooLong, .expectationFailed, .headersTooLarge, .internalError, .notImplemented, .handlerFailed,
            .handlerExited, .handlerInitFailed, .outOfMemory, .invalidResponse, .responseTooLarge,
            .versionNotSupported, .invocationNotFound, .topicNotFound, .invocationEnded, .idempotencyMismatch,
            .eventsUnavailable, .cancelled, .unauthorized, .forbidden, .unsupportedMediaType, .rateLimited,
            .authUnavailable:
            self = .failed(failure)
        }
    }
}
