import FunctionModel
import Gateway
import HTTPCodec
import NIOCore

/// A refusal in the form that Lambda's clients read: the code in a header, the message in a document.
struct LambdaAPIError: Error, Sendable, Hashable {
    var code: String
    var status: Int
    var message: String
    /// Of TooManyRequestsException: which limit it is.
    var reason: String?
    var retryAfterSeconds: Int?
    /// Whose fault it is, as the document says; some errors do not say.
    var type: String? = "User"
    /// A few exceptions of Lambda's model spell the member with a capital.
    var messageMember = "message"

    init(_ code: String, _ status: Int, _ message: String) {
        self.code = code
        self.status = status
        self.message = message
    }

    var fields: HTTPFields {
        var fields = HTTPFields([("Content-Type", "application/json"), ("x-amzn-ErrorType", code)])
        if let retryAfterSeconds { fields.append(name: "Retry-After", value: "\(retryAfterSeconds)") }
        return fields
    }

    var body: ByteBuffer {
        var json = ByteBufferAllocator().buffer(capacity: 128 + message.utf8.count)
        json.writeStaticString("{")
        if let reason { Self.writeMember("Reason", reason, into: &json) }
        if let type { Self.writeMember("Type", type, into: &json) }
        JSONText.writeString(messageMember, into: &json)
        json.writeStaticString(":")
        JSONText.writeString(message, into: &json)
        json.writeStaticString("}")
        return json
    }

    var response: ServiceResponse { ServiceResponse(status: status, fields: fields, body: body) }

    private static func writeMember(_ name: String, _ value: String, into json: inout ByteBuffer) {
        JSONText.writeString(name, into: &json)
        json.writeStaticString(":")
        JSONText.writeString(value, into: &json)
        json.writeStaticString(",")
    }
}

extension LambdaAPIError {
    static func notFound(_ name: String, qualifier: String?) -> LambdaAPIError {
        var error = LambdaAPIError(
            "ResourceNotFoundException", 404,
            "Function not found: \(FunctionReference.arn(name))\(qualifier.map { ":\($0)" } ?? "")")
        error.messageMember = "Message"
        return error
    }

    /// Something of Glo is not there; clients try again.
    static func service(_ message: String, status: Int = 500, retryAfterSeconds: Int? = nil) -> LambdaAPIError {
        var error = LambdaAPIError("ServiceException", status, message)
        error.type = "Service"
        error.messageMember = "Message"
        error.retryAfterSeconds = retryAfterSeconds
        return error
    }

    static func tooManyRequests(_ reason: String, retryAfterSeconds: Int) -> LambdaAPIError {
        var error = LambdaAPIError("TooManyRequestsException", 429, "Rate Exceeded.")
        error.reason = reason
        error.retryAfterSeconds = retryAfterSeconds
        return error
    }

    static func requestTooLarge(limit: Int, operation: String) -> LambdaAPIError {
        LambdaAPIError(
            "RequestTooLargeException", 413,
            "Request must be smaller than \(limit) bytes for the \(operation) operation")
    }

    static func notJSON(_ what: String) -> LambdaAPIError {
        LambdaAPIError("InvalidRequestContentException", 400, "Could not parse request body into json: \(what)")
    }

    static func invalidParameter(_ message: String) -> LambdaAPIError {
        LambdaAPIError("InvalidParameterValueException", 400, message)
    }

    static func validation(_ value: String, at member: String, pattern: String) -> LambdaAPIError {
        constraint(value, member, "satisfy regular expression pattern: \(pattern)")
    }

    static func validation(_ value: String, at member: String, values: String) -> LambdaAPIError {
        constraint(value, member, "satisfy enum value set: \(values)")
    }

    private static func constraint(_ value: String, _ member: String, _ rule: String) -> LambdaAPIError {
        var error = LambdaAPIError(
            "ValidationException", 400,
            "1 validation error detected: Value '\(value.prefix(256))' at '\(member)' failed to satisfy constraint: "
                + "Member must \(rule)")
        error.type = nil
        return error
    }

    static func notSupported(_ what: String) -> LambdaAPIError {
        LambdaAPIError("NotImplementedException", 501, "This controller does not support \(what).")
    }

    /// The answer to an invocation that never reached its function; nil when the function itself failed.
    init?(_ failure: InvocationFailure, name: String, qualifier: String?) {
        guard failure.payload == nil else { return nil }
        let retryAfter = failure.retryAfterSeconds ?? 1
        switch failure.code {
        case .functionNotFound, .routeNotFound: self = .notFound(name, qualifier: qualifier)
        case .queueFull where failure.status == 503: self = .service(failure.detail, status: 503, retryAfterSeconds: 5)
        case .queueFull:
            self = .tooManyRequests("ReservedFunctionConcurrentInvocationLimitExceeded", retryAfterSeconds: retryAfter)
        // Its time was over before a worker was free.
        case .timedOut:
            self = .tooManyRequests("ReservedFunctionConcurrentInvocationLimitExceeded", retryAfterSeconds: retryAfter)
        case .rateLimited: self = .tooManyRequests("CallerRateLimitExceeded", retryAfterSeconds: retryAfter)
        case .noCapacity: self = .tooManyRequests("ConcurrentInvocationLimitExceeded", retryAfterSeconds: retryAfter)
        case .engineUnavailable, .stateDamaged, .draining, .starting, .eventsUnavailable, .tooManyConnections,
            .tooManyBodies:
            self = .service(failure.detail, status: 503, retryAfterSeconds: retryAfter)
        case .bodyTooLarge:
            self = .requestTooLarge(limit: InvokeCall.maxPayloadBytes, operation: "InvokeFunction")
        case .handlerFailed, .handlerExited, .handlerInitFailed, .outOfMemory, .invalidResponse, .responseTooLarge:
            return nil
        case .badRequest, .ambiguousPath, .headersTooLarge, .uriTooLong: self = .invalidParameter(failure.detail)
        case .methodNotAllowed, .requestTimeout, .lengthRequired, .expectationFailed, .internalError, .notImplemented,
            .versionNotSupported, .invocationNotFound, .topicNotFound, .invocationEnded, .idempotencyMismatch,
            .cancelled, .unauthorized, .forbidden, .unsupportedMediaType, .authUnavailable:
            self = .service(failure.detail)
        }
    }
}
