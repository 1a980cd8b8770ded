/// The body that publishes the version that serves.
package struct PublishRequest: Codable, Hashable, Sendable {
    package var description: String?

    package init(description: String? = nil) { self.description = description }
}
