/// Every reason for which Glo itself answers an invocation or a request, with its stable code.
///
/// The raw value is the `code` member of the problem document (RFC 9457) and never changes its meaning.
package enum FailureCode: String, Hashable, Sendable, CaseIterable {
    case badRequest = "bad_request"
    case ambiguousPath = "ambiguous_path"
    case unauthorized
    case forbidden
    case routeNotFound = "route_not_found"
    case functionNotFound = "function_not_found"
    case methodNotAllowed = "method_not_allowed"
    case requestTimeout = "request_timeout"
    case lengthRequired = "length_required"
    case bodyTooLarge = "body_too_large"
    case uriTooLong = "uri_too_long"
    case unsupportedMediaType = "unsupported_media_type"
    case expectationFailed = "expectation_failed"
    case headersTooLarge = "headers_too_large"
    case queueFull = "queue_full"
    case rateLimited = "rate_limited"
    case internalError = "internal_error"
    case notImplemented = "not_implemented"
    case handlerFailed = "handler_failed"
    case handlerExited = "handler_exited"
    case handlerInitFailed = "handler_init_failed"
    case outOfMemory = "out_of_memory"
    case invalidResponse = "invalid_response"
    case responseTooLarge = "response_too_large"
    case noCapacity = "no_capacity"
    case engineUnavailable = "engine_unavailable"
    case stateDamaged = "state_damaged"
    case tooManyConnections = "too_many_connections"
    case tooManyBodies = "too_many_bodies"
    case authUnavailable = "auth_unavailable"
    case draining = "draining"
    case starting = "starting"
    case timedOut = "timed_out"
    case versionNotSupported = "http_version_not_supported"
    case invocationNotFound = "invocation_not_found"
    case topicNotFound = "topic_not_found"
    case invocationEnded = "invocation_ended"
    case idempotencyMismatch = "idempotency_mismatch"
    case eventsUnavailable = "events_unavailable"
    case cancelled

    /// The HTTP status of the answer.
    package var status: Int {
        switch self {
        case .badRequest, .ambiguousPath: 400
        case .unauthorized: 401
        case .forbidden: 403
        case .routeNotFound, .functionNotFound, .invocationNotFound, .topicNotFound: 404
        case .methodNotAllowed: 405
        case .requestTimeout: 408
        case .invocationEnded, .cancelled: 409
        case .lengthRequired: 411
        case .bodyTooLarge: 413
        case .uriTooLong: 414
        case .unsupportedMediaType: 415
        case .expectationFailed: 417
        case .idempotencyMismatch: 422
        case .headersTooLarge: 431
        case .queueFull, .rateLimited: 429
        case .internalError: 500
        case .notImplemented: 501
        case .handlerFailed, .handlerExited, .handlerInitFailed, .outOfMemory, .invalidResponse, .responseTooLarge: 502
        case .noCapacity, .engineUnavailable, .stateDamaged, .tooManyConnections, .tooManyBodies, .draining, .starting,
            .eventsUnavailable, .authUnavailable:
            503
        case .timedOut: 504
        case .versionNotSupported: 505
        }
    }

    /// One line for the `title` member.
    package var title: String {
        switch self {
        case .badRequest: "The request is malformed"
        case .ambiguousPath: "The path can be read in two ways"
        case .unauthorized: "The request does not prove who sent it"
        case .forbidden: "The sender may not do this"
        case .routeNotFound: "No function answers at this path"
        case .functionNotFound: "There is no function of this name"
        case .methodNotAllowed: "The route does not take this method"
        case .requestTimeout: "The request took too long to arrive"
        case .lengthRequired: "The length of the body is needed"
        case .bodyTooLarge: "The body is too large"
        case .uriTooLong: "The request target is too long"
        case .unsupportedMediaType: "The body is in a format that is not read here"
        case .expectationFailed: "The expectation cannot be met"
        case .headersTooLarge: "The header fields are too large"
        case .queueFull: "The function's queue is full"
        case .rateLimited: "Too many requests"
        case .internalError: "Glo failed"
        case .notImplemented: "This is not supported"
        case .handlerFailed: "The handler failed"
        case .handlerExited: "The handler exited before it answered"
        case .handlerInitFailed: "The handler could not start"
        case .outOfMemory: "The handler ran out of memory"
        case .invalidResponse: "The handler's response is not valid"
        case .responseTooLarge: "The handler's response is too large"
        case .noCapacity: "No worker can be had right now"
        case .engineUnavailable: "The container engine starts no worker"
        case .stateDamaged: "What Glo stored of the function is damaged"
        case .tooManyConnections: "Too many connections"
        case .tooManyBodies: "Too many request bodies are arriving"
        case .authUnavailable: "Requests cannot be authenticated right now"
        case .draining: "The controller is stopping"
        case .starting: "The controller is starting"
        case .timedOut: "The function timed out"
        case .versionNotSupported: "This version of HTTP is not supported"
        case .invocationNotFound: "There is no such invocation"
        case .topicNotFound: "Nobody takes this topic"
        case .invocationEnded: "The invocation has ended"
        case .idempotencyMismatch: "The idempotency key belongs to another request"
        case .eventsUnavailable: "Events cannot be stored right now"
        case .cancelled: "The invocation was cancelled"
        }
    }
}
