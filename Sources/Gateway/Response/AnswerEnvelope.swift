import FunctionModel
import HTTPCodec

/// What the request and the connection say about the answer, whoever gives it.
struct AnswerEnvelope {
    /// Of the invocation; nil for answers that the gateway gives without one.
    var id: InvocationID?
    /// Whether the id is that of an invocation, and not just of a request.
    var isInvocation = true
    /// The client's own id, to be echoed.
    var requestID: String?
    var isHead = false
    /// The x of `HTTP/1.x` in the request.
    var minorVersion: UInt8 = 1
    var keepAlive = true
    /// What the route's policies add to every answer.
    var extraFields: HTTPFields?
    /// Whether the function's own words about other origins (`Access-Control-…`) are dropped.
    var overridesCORS = false
    /// Whether failures are told as Lambda's function URLs tell them.
    var isFunctionURL = false
}
