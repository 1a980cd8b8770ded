/// A topic and who gets its events.
package struct TopicInfo: Codable, Hashable, Sendable {
    package var topic: String
    package var functions: [String]

    package init(topic: String, functions: [String]) {
        self.topic = topic
        self.functions = functions
    }
}
