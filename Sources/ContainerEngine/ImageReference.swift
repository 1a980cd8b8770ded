/// The name of an image in two parts, as a pull wants them.
struct ImageReference: Equatable {
    /// Registry and path, such as `registry.example:5000/team/app`.
    var repository: String
    /// A tag or a digest; a name without either means `latest`, where the engine would pull every tag there is.
    var reference: String

    /// Nil when the text cannot be a name.
    init?(_ name: String) {
        guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else { return nil }
        if let at = name.firstIndex(of: "@") {
            repository = String(name[..<at])
            reference = String(name[name.index(after: at)...])
        } else if let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") {
            repository = String(name[..<colon])
            reference = String(name[name.index(after: colon)...])
        } else {
            repository = name
            reference = "latest"
        }
        guard !repository.isEmpty, !reference.isEmpty else { return nil }
    }
}
