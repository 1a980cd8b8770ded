/// Which pages of other origins may call a route from a browser (the CORS protocol of the Fetch standard).
package struct CORSSettings: Hashable, Sendable {
    /// A list, or everything.
    package enum Names: Hashable, Sendable {
        case any
        case list([String])
    }

    /// Serialized origins such as `https://app.example.org`.
    package var origins: Names
    /// What a page may send; nil is every method that a route of the path takes.
    package var methods: [String]?
    /// Fields that a page may send besides the harmless ones, in small letters.
    package var headers: Names
    /// Fields of the answer that a page may read besides the harmless ones.
    package var exposedHeaders: [String]
    /// Whether a page may send cookies and credentials. Never with any origin.
    package var credentials: Bool
    /// How long a browser may keep the answer to its question, in seconds; nil leaves it to the browser.
    package var maxAgeSeconds: Int?

    package init(
        origins: Names, methods: [String]? = nil, headers: Names = .any, exposedHeaders: [String] = [],
        credentials: Bool = false, maxAgeSeconds: Int? = nil
    ) {
        self.origins = origins
        self.methods = methods
        self.headers = headers
        self.exposedHeaders = exposedHeaders
        self.credentials = credentials
        self.maxAgeSeconds = maxAgeSeconds
    }
}
