/// What Lambda's API says of a function and Glo's manifest has no place for: `<state>/lambda/NAME.json`.
///
/// Nothing that changes how a function runs is kept here, so that the functions directory alone is enough to run it.
struct LambdaRecord: Codable, Hashable, Sendable {
    /// An archive that was uploaded.
    struct Upload: Codable, Hashable, Sendable {
        /// ``CodeDigest`` of the files that it became, in hexadecimal.
        var files: String
        /// Base64 of its own SHA-256, as Lambda tells it.
        var sha256: String
        /// Bytes of the archive.
        var size: Int
    }

    struct Statement: Codable, Hashable, Sendable {
        var id: String
        /// Nil for the function itself.
        var qualifier: String?
        /// The statement as JSON.
        var json: String
    }

    struct URL: Codable, Hashable, Sendable {
        var invokeMode: String
        /// Unix time in milliseconds.
        var createdAt: Int64
        var modifiedAt: Int64
    }

    struct Mapping: Codable, Hashable, Sendable {
        var sourceARN: String
        var modifiedAt: Int64
        var tags: [String: String]
        /// Whether it asked for `async.concurrency`.
        var bounds: Bool
    }

    var role: String?
    var logGroup: String?
    var tags: [String: String] = [:]
    /// Changes with every change that this API makes.
    var revision = ""
    /// The newest last; those of published versions among them.
    var uploads: [Upload] = []
    var statements: [Statement] = []
    /// By qualifier; the function's own is the empty one.
    var urls: [String: URL] = [:]
    /// By UUID.
    var mappings: [String: Mapping] = [:]
    var eventInvokeModifiedAt: Int64?

    private static let keptUploads = 100

    mutating func add(_ upload: Upload) {
        uploads.removeAll { $0.files == upload.files }
        uploads.append(upload)
        if uploads.count > Self.keptUploads { uploads.removeFirst(uploads.count - Self.keptUploads) }
    }
}
