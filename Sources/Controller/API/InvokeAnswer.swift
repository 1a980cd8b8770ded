import FunctionModel
import Gateway
import HTTPCodec
import NIOCore

/// A whole answer to an invocation through the API.
struct InvokeAnswer {
    /// Of the invocation that it tells of.
    var id: InvocationID
    var status: Int
    var fields: HTTPFields
    var body: ByteBuffer
    /// Whether the function has run, so that a repeated request must not run it again.
    var hasRun: Bool

    init(id: InvocationID, status: Int, fields: HTTPFields, body: ByteBuffer, hasRun: Bool) {
        self.id = id
        self.status = status
        self.fields = fields
        self.body = body
        self.hasRun = hasRun
    }

    /// A refusal: nothing has run.
    init(id: InvocationID, _ error: LambdaAPIError) {
        self.init(id: id, status: error.status, fields: error.fields, body: error.body, hasRun: false)
    }

    func send(to exchange: GatewayExchange) {
        exchange.answers(for: id)
        exchange.answer(status: status, fields: fields, body: body)
    }
}
