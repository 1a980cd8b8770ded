import CurlClient

/// A request that was taken, and who waits for its end.
struct OutboundJob: Sendable {
    let id: UInt64
    let request: OutboundRequest
    /// ``MonotonicTime`` in milliseconds.
    let deadline: Int
    let cancellation: Cancellation
    /// Called once.
    let done: @Sendable (Result<OutboundResponse, OutboundError>) -> Void

    /// What it is counted by.
    var host: String { request.url.authority }

    func fail(_ code: OutboundError.Code, _ message: String, hint: String = "") {
        done(.failure(OutboundError(code: code, message: message, hint: hint)))
    }
}
