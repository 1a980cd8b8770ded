import FunctionModel
import Gateway
import NIOCore

/// The document that callers of the Invoke API get when a function failed.
enum FunctionError {
    /// Lambda's limit for a whole answer, in bytes.
    static let maxResponseBytes = 6_291_556

    /// What the handler or its protocol said itself goes first.
    static func document(_ failure: InvocationFailure, of id: InvocationID) -> ByteBuffer {
        if let payload = failure.payload { return payload }
        var json = ByteBufferAllocator().buffer(capacity: 128 + failure.detail.utf8.count)
        json.writeStaticString("{\"errorType\":")
        JSONText.writeString(type(failure.code), into: &json)
        json.writeStaticString(",\"errorMessage\":")
        JSONText.writeString("RequestId: \(id) Error: \(failure.detail)", into: &json)
        json.writeStaticString("}")
        return json
    }

    static let tooLarge = InvocationFailure(
        .responseTooLarge, "the response is larger than \(maxResponseBytes) bytes",
        payload: ByteBuffer(
            string: "{\"errorMessage\":\"Response payload size exceeded maximum allowed payload size "
                + "(\(maxResponseBytes) bytes).\",\"errorType\":\"Function.ResponseSizeTooLarge\"}"))

    /// An HTTP server has no other way to say that it failed.
    static func status(_ status: Int, body: ByteBuffer) -> InvocationFailure? {
        guard status >= 500 || status == 429 else { return nil }
        let text = String(decoding: body.readableBytesView.prefix(1024), as: UTF8.self)
        return InvocationFailure(
            .handlerFailed, "the handler answered with status \(status)" + (text.isEmpty ? "" : ": \(text)"))
    }

    private static func type(_ code: FailureCode) -> String {
        switch code {
        case .handlerExited: "Runtime.ExitError"
        case .outOfMemory: "Runtime.OutOfMemory"
        case .handlerInitFailed: "Runtime.InitError"
        case .invalidResponse: "Runtime.InvalidResponse"
        case .responseTooLarge: "Function.ResponseSizeTooLarge"
        case .timedOut: "Sandbox.Timedout"
        case .handlerFailed: "Function.Failed"
        case .badRequest, .ambiguousPath, .routeNotFound, .functionNotFound, .methodNotAllowed, .requestTimeout,
            .lengthRequired,
            .bodyTooLarge, .uriTooLong, .expectationFailed, .headersTooLarge, .queueFull, .internalError,
            .notImplemented,
            .noCapacity, .engineUnavailable, .stateDamaged, .tooManyConnections, .tooManyBodies, .draining, .starting,
            .versionNotSupported,
            .invocationNotFound, .topicNotFound, .invocationEnded, .idempotencyMismatch, .eventsUnavailable, .cancelled,
            .unauthorized, .forbidden, .unsupportedMediaType, .rateLimited, .authUnavailable:
            "Glo.\(code.rawValue)"
        }
    }
}
