/// A version that was given a lasting number.
package struct PublishedNumber: Hashable, Sendable, Codable {
    /// 1, 2, 3 … in the order of publishing: what Lambda's API speaks of.
    package var number: Int
    /// Glo's own number of the version.
    package var version: Int
    package var description: String?
    /// Unix time in milliseconds.
    package var publishedAtMilliseconds: Int64

    package init(number: Int, version: Int, description: String? = nil, publishedAtMilliseconds: Int64) {
        self.number = number
        self.version = version
        self.description = description
        self.publishedAtMilliseconds = publishedAtMilliseconds
    }

    /// Characters of a description.
    package static let longestDescription = 256
}
