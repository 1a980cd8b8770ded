/// What became of one invocation that was asked for through the admin API.
package struct InvokeResult: Codable, Hashable, Sendable {
    /// The invocation's id.
    package var id: String
    package var function: String
    package var version: Int
    /// `ok`, or the stable code of the failure.
    package var outcome: String
    /// What happened, when it failed.
    package var detail: String?
    package var durationMilliseconds: Double
    package var cold: Bool
    /// The result's bytes, or the handler's own error document when it failed, if they are UTF-8.
    package var payload: String?
    /// The same bytes in base64 (RFC 4648) when they are not UTF-8.
    package var payloadBase64: String?
    /// The status of the HTTP response, when the handler gave one.
    package var status: Int?
    /// What the handler wrote to its log meanwhile, when it was asked for.
    package var logTail: [LogRecord]?

    package init(
        id: String, function: String, version: Int, outcome: String = Self.succeeded, detail: String? = nil,
        durationMilliseconds: Double, cold: Bool, payload: String? = nil, payloadBase64: String? = nil,
        status: Int? = nil, logTail: [LogRecord]? = nil
    ) {
        self.id = id
        self.function = function
        self.version = version
        self.outcome = outcome
        self.detail = detail
        self.durationMilliseconds = durationMilliseconds
        self.cold = cold
        self.payload = payload
        self.payloadBase64 = payloadBase64
        self.status = status
        self.logTail = logTail
    }

    /// The outcome of an invocation that went well.
    package static let succeeded = "ok"

    package var isSuccess: Bool { outcome == Self.succeeded }
}
