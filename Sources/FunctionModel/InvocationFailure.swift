package import NIOCore

/// Why an invocation has no result: a stable code, a sentence, and what the handler itself said.
package struct InvocationFailure: Error, Sendable {
    package var code: FailureCode
    /// What happened, in a sentence; it may name exit codes and the last lines of stderr.
    package var detail: String
    /// Seconds after which a new try makes sense; becomes `Retry-After`.
    package var retryAfterSeconds: Int?
    /// The error document that the handler posted, or the one that Lambda's platform would show, untouched.
    package var payload: ByteBuffer?
    /// The HTTP status when it is not the code's own: a full event queue is the server's matter (503), a full waiting
    /// room of one function the caller's (429).
    package var status: Int?

    package init(_ code: FailureCode, _ detail: String, retryAfterSeconds: Int? = nil, payload: ByteBuffer? = nil) {
        self.code = code
        self.detail = detail
        self.retryAfterSeconds = retryAfterSeconds
        self.payload = payload
    }
}
