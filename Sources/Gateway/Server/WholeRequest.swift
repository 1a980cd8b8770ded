package import FunctionModel
package import HTTPCodec
package import NIOCore

/// A request with its body, its fields as they were received.
package struct WholeRequest: Sendable {
    /// The answer's `x-amzn-RequestId`; of an invocation also its id.
    package let id: InvocationID
    package let head: HTTPRequestHead
    package var body: ByteBuffer
}
