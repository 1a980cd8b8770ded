import AdminModel
import FunctionModel
import NIOCore

/// How an invocation ended that did not come through a route.
struct DirectOutcome: Sendable {
    var id: InvocationID
    var version: Int
    var cold: Bool
    var answer: DirectExchange.Answer
}

extension InvokeResult {
    init(_ outcome: DirectOutcome, function: FunctionName, durationMilliseconds: Double) {
        let failure = outcome.answer.failure
        self.init(
            id: outcome.id.description, function: function.rawValue, version: outcome.version,
            outcome: failure?.code.rawValue ?? Self.succeeded, detail: failure?.detail,
            durationMilliseconds: durationMilliseconds, cold: outcome.cold, status: outcome.answer.status)
        let body = failure == nil ? outcome.answer.body : failure?.payload
        if let body { setPayload(Array(body.readableBytesView)) }
    }
}
