import HTTPCodec
import NIOCore

/// The fixed answers of the Runtime API. Every one has exactly `Content-Type: application/json` but `/ping`'s:
/// clients crash without it.
struct RuntimeAPIReply {
    let status: Int
    let body: String
    var contentType: StaticString = "application/json"

    static let accepted = RuntimeAPIReply(status: 202, body: "{\"status\":\"OK\"}\n")
    static let restored = RuntimeAPIReply(status: 200, body: "{\"status\":\"OK\"}\n")
    static let pong = RuntimeAPIReply(status: 200, body: "pong", contentType: "text/plain")
    static let invalidID = error(400, "InvalidRequestID", "Invalid request ID")
    static let invalidMode = error(400, "InvalidFunctionResponseMode", "Invalid function response mode")
    static let truncated = error(400, "TruncatedHTTPRequest", "HTTP request was truncated before its end")
    static let alreadyAnswered = transition(from: "ResponseSent", to: "InvocationResponse")
    static let initErrorTooLate = transition(from: "Ready", to: "InitError")
    static let nextAfterInitError = transition(from: "InitError", to: "Ready")
    static let tooManyPollers = error(500, "InternalServerError", "Too many idle pollers: raise workers.concurrency")
    static let notFound = error(404, "UnknownEndpoint", "The Runtime API has no such endpoint")
    static let wrongMethod = error(405, "MethodNotAllowed", "The endpoint does not take this method")
    static let noExtensionName = error(403, "Extension.InvalidExtensionName", "Lambda-Extension-Name is missing")
    static let tooManyExtensions = error(403, "Extension.TooManyExtensions", "At most 10 extensions may register")
    static let unknownExtension = error(
        403, "Extension.UnknownExtensionIdentifier", "Lambda-Extension-Identifier is missing or unknown")
    static let noTelemetry = error(202, "Telemetry.NotSupported", "Telemetry API is not supported")
    static let noLogs = error(202, "Logs.NotSupported", "Logs API is not supported")

    static func tooLarge(limit: Int) -> RuntimeAPIReply {
        error(413, "RequestEntityTooLarge", "Exceeded maximum allowed payload size (\(limit) bytes).")
    }

    static func malformed(_ error: HTTPParseError) -> RuntimeAPIReply {
        Self.error(error.kind.status, "MalformedHTTPRequest", error.sentence)
    }

    /// The texts hold nothing that JSON escapes.
    private static func error(_ status: Int, _ type: String, _ message: String) -> RuntimeAPIReply {
        RuntimeAPIReply(status: status, body: #"{"errorMessage":"\#(message)","errorType":"\#(type)"}"#)
    }

    private static func transition(from old: String, to new: String) -> RuntimeAPIReply {
        error(
            403, "InvalidStateTransition",
            "State transition from \(old) to \(new) failed for runtime. Error: State transition is not allowed")
    }

    /// The whole response.
    func rendered(closing: Bool, extraFields: [(name: StaticString, value: String)] = []) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: 256 + body.utf8.count)
        HTTPWriter.writeStatusLine(status, into: &buffer)
        HTTPWriter.writeField("Content-Type", contentType, into: &buffer)
        HTTPWriter.writeField("Content-Length", decimal: body.utf8.count, into: &buffer)
        for field in extraFields {
            buffer.writeStaticString(field.name)
            buffer.writeStaticString(": ")
            buffer.writeString(field.value)
            buffer.writeStaticString("\r\n")
        }
        if closing { HTTPWriter.writeField("Connection", "close", into: &buffer) }
        HTTPWriter.writeEndOfHead(into: &buffer)
        buffer.writeString(body)
        return buffer
    }
}
