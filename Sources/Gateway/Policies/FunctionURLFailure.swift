import FunctionModel
import HTTPCodec
import NIOCore

/// Failures as Lambda's function URLs tell them, for clients that know those.
struct FunctionURLFailure {
    let status: Int
    let body: ByteBuffer
    let contentType: StaticString
    let fields: HTTPFields

    init(_ failure: InvocationFailure) {
        let errorType: String
        switch failure.code {
        case .handlerFailed, .handlerExited, .handlerInitFailed, .outOfMemory, .invalidResponse, .responseTooLarge,
            .timedOut:
            (status, errorType) = (502, "InternalServerException")
            (body, contentType) = (ByteBuffer(staticString: "Internal Server Error"), ResponseMapper.text)
        case .internalError, .engineUnavailable, .stateDamaged, .draining, .starting, .tooManyConnections,
            .tooManyBodies,
            .authUnavailable:
            (status, errorType) = (failure.status ?? failure.code.status, "ServiceException")
            (body, contentType) = (ByteBuffer(staticString: "Internal Server Error"), ResponseMapper.text)
        case .queueFull, .noCapacity, .rateLimited:
            (status, errorType) = (429, "TooManyRequestsException")
            (body, contentType) = (ByteBuffer(staticString: "{\"Message\":\"Rate Exceeded.\"}"), ResponseMapper.json)
        case .unauthorized, .forbidden:
            (status, errorType) = (403, "AccessDeniedException")
            (body, contentType) = (ByteBuffer(staticString: "{\"Message\":\"Forbidden\"}"), ResponseMapper.json)
        case .badRequest, .ambiguousPath, .routeNotFound, .functionNotFound, .methodNotAllowed, .requestTimeout,
            .lengthRequired,
            .bodyTooLarge, .uriTooLong, .unsupportedMediaType, .expectationFailed, .headersTooLarge, .notImplemented,
            .versionNotSupported, .invocationNotFound, .topicNotFound, .invocationEnded, .idempotencyMismatch,
            .eventsUnavailable, .cancelled:
            (status, errorType) = (failure.status ?? failure.code.status, "InvalidRequestException")
            var json = ByteBuffer()
            json.writeStaticString("{\"Message\":")
            JSONText.writeString(failure.detail, into: &json)
            json.writeStaticString("}")
            (body, contentType) = (json, ResponseMapper.json)
        }
        var fields = HTTPFields([("x-amzn-ErrorType", errorType)])
        if let seconds = failure.retryAfterSeconds { fields.append(name: "Retry-After", value: "\(max(0, seconds))") }
        self.fields = fields
    }
}
