/// What a handler is told of an event that was stored before it ran, so that it can recognise one that comes again.
package struct EventContext: Sendable, Hashable {
    /// The id that is the same for all functions that get the event, and for every attempt: fit for a header field.
    package let id: String
    /// The topic that it was published to.
    package let topic: String?
    /// The media type of the bytes, when it was told; fit for a header field.
    package let contentType: String?

    /// Texts that could not stand in a header field are left out; without an id of its own an event has its
    /// invocation's.
    package init(id: String, invocation: InvocationID, topic: String? = nil, contentType: String? = nil) {
        self.id = Self.isVisible(id) ? id : invocation.description
        self.topic = topic.flatMap { Self.isVisible($0) ? $0 : nil }
        self.contentType = contentType.flatMap { Self.isVisible($0) ? $0 : nil }
    }

    private static func isVisible(_ text: String) -> Bool {
        (1...256).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
    }
}
