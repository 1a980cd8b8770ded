/// What a start needs to know of an image.
struct ImageFacts: Sendable, Hashable {
    /// `sha256:…`
    var id: String
    /// Directories that the image declares as volumes.
    var volumes: [String]
}
