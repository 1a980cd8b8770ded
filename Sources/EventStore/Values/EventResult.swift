package import NIOCore

/// What a run that succeeded gave.
package struct EventResult: Sendable {
    package var version: String
    /// Head of the response as JSON.
    package var head: ByteBuffer
    package var body: ByteBuffer
    /// The content file that holds the body instead.
    package var ref: String?

    package init(version: String, head: ByteBuffer = ByteBuffer(), body: ByteBuffer, ref: String? = nil) {
        self.version = version
        self.head = head
        self.body = body
        self.ref = ref
    }
}
