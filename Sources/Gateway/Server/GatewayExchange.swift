package import FunctionModel
package import HTTPCodec
package import NIOCore

/// The client's end of one invocation. When the client has left, what has not begun is not begun, see
/// ``GatewayDelegate/clientLeft(_:of:)``; what runs goes on, and its answer is dropped.
package final class GatewayExchange: InvocationResponder {
    package let id: InvocationID
    /// Whose invocation it is; nil for requests that are none, or not yet.
    let function: FunctionName?
    /// How a bare result becomes a response: by the route, then by the version that runs the invocation.
    package var mapping: ResultMapping
    /// Nil once the answer is complete or the client has left.
    private(set) var connection: ConnectionHandler?
    private var flow: (any InvocationFlow)?
    private var isPaused = false
    /// Told once that nobody takes what follows: the answer is complete or the client has left.
    package var onEnd: (() -> Void)?

    init(
        id: InvocationID, of function: FunctionName? = nil, mapping: ResultMapping, connection: ConnectionHandler
    ) {
        self.id = id
        self.function = function
        self.mapping = mapping
        self.connection = connection
    }

    /// Whether nobody waits for the answer any more.
    package var isClientGone: Bool { connection == nil }

    package func reply(_ reply: InvocationReply) { connection?.answer(reply, of: self) }

    /// Gives an answer that no handler has made.
    package func answer(status: Int, fields: HTTPFields, body: ByteBuffer) {
        connection?.answer(status: status, fields: fields, body: body, of: self)
    }

    /// The answer to a whole request is that of this invocation.
    package func answers(for id: InvocationID) {
        connection?.envelope.id = id
        connection?.envelope.isInvocation = true
    }

    package func assigned(to version: FunctionVersion) {
        mapping = ResultMapping(contract: version.contract, payload: version.manifest.payload)
    }

    package func attach(flow: any InvocationFlow) {
        guard connection != nil else { return }
        self.flow = flow
    }

    /// Holds the worker back, or lets it go on.
    func setPaused(_ paused: Bool) {
        guard paused != isPaused else { return }
        isPaused = paused
        if paused { flow?.pauseReading() } else { flow?.resumeReading() }
    }

    /// The answer is complete or nobody is there to take it; the worker must not stay held back.
    func detach() {
        connection = nil
        setPaused(false)
        flow = nil
        let onEnd = onEnd
        self.onEnd = nil
        onEnd?()
    }
}
