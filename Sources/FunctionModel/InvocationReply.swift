package import HTTPCodec
package import NIOCore

/// What a worker sends back for one invocation. Legal sequences: `result`; `failure`;
/// `responseHead`, `responseChunk`*, then `responseEnd` or `failure` (the stream broke off).
package enum InvocationReply: Sendable {
    /// The whole result as the handler gave it: a lambda response, a line of stdio, the stdout of exec.
    case result(ByteBuffer)
    /// An HTTP response begins: from an `http` handler, or a streamed lambda response with its prelude.
    case responseHead(HTTPResponseHead)
    case responseChunk(ByteBuffer)
    case responseEnd
    case failure(InvocationFailure)
}
