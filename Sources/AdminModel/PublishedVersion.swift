/// A version that was given a lasting number, as Lambda's PublishVersion does: it is kept until it is removed by name.
package struct PublishedVersion: Codable, Hashable, Sendable {
    /// 1, 2, 3 … in the order of publishing: the number that Lambda's API speaks of.
    package var number: Int
    /// Glo's own number of the version, which counts every deployment.
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
}
