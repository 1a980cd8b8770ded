import FunctionModel
import HTTPCodec
import NIOCore

/// What the fields of a `/response` or `/error` say; found in one walk.
struct RuntimeAPIAnswerHead {
    enum Mode: Equatable {
        case buffered
        case streaming
        case invalid
    }

    private(set) var mode = Mode.buffered
    /// `application/vnd.awslambda.http-integration-response`: the body begins with a prelude, and it is streamed
    /// whether or not the mode says so.
    private(set) var hasPrelude = false
    /// `application/vnd.aws.lambda.error.cause+json`: an error document with more members than the caller shall see.
    private(set) var isErrorCause = false
    private(set) var contentType: String?
    private(set) var errorType: String?
    /// The echo of `Lambda-Runtime-Invocation-Id`, if there is one; `.some(nil)` is an echo that is no id.
    private(set) var delivery: InvocationID??

    init(_ fields: HTTPFields) {
        fields.forEachBytes { name, value in note(name, value) }
    }

    var isStreamed: Bool { mode == .streaming || hasPrelude }

    private mutating func note(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        switch name.count {
        case 12 where ASCII.equalIgnoringCase(name, "content-type"):
            // The type itself matters only to streams; the usual one needs no string.
            if MediaType.matches(value, "application/json") { return }
            hasPrelude = MediaType.matches(value, "application/vnd.awslambda.http-integration-response")
            isErrorCause = MediaType.matches(value, "application/vnd.aws.lambda.error.cause+json")
            contentType = String(decoding: value, as: UTF8.self)
        case 28 where ASCII.equalIgnoringCase(name, "lambda-runtime-invocation-id"):
            delivery = .some(UUIDText.parse(value))
        case 34 where ASCII.equalIgnoringCase(name, "lambda-runtime-function-error-type"):
            errorType = String(decoding: value, as: UTF8.self)
        case 37 where ASCII.equalIgnoringCase(name, "lambda-runtime-function-response-mode"):
            if value.isEmpty { return }
            mode = ASCII.equalIgnoringCase(value, "streaming") ? .streaming : .invalid
        default: break
        }
    }
}
