package import NIOCore

/// One invocation that somebody asks for through the admin API.
package struct InvokeRequest: Sendable {
    /// The event, as it is.
    package var payload: ByteBuffer
    /// Whether the result shall carry what the handler logs meanwhile.
    package var wantsLogTail: Bool

    package init(payload: ByteBuffer, wantsLogTail: Bool = false) {
        self.payload = payload
        self.wantsLogTail = wantsLogTail
    }
}
