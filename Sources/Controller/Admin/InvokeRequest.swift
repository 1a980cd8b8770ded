package import NIOCore

/// One invocation that somebody asks for through the admin API.
package struct InvokeRequest: Sendable {
    /// The event, as it is.
    package var payload: ByteBuffer
    /// Whether the result shall carry what the handler logs meanwhile.
    package var wantsLogTail: Bool
    /// An alias or a published number; nil is the version that serves.
    package var qualifier: String?

    package init(payload: ByteBuffer, wantsLogTail: Bool = false, qualifier: String? = nil) {
        self.payload = payload
        self.wantsLogTail = wantsLogTail
        self.qualifier = qualifier
    }
}
