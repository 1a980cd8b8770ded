/// Paths of other systems as patterns of routes.
enum RoutePath {
    enum Translation: Equatable {
        case pattern(String)
        /// Why there is no pattern that means the same.
        case impossible(String)
    }

    /// `{name}` and `{name+}` mean the same everywhere; what Glo has no pattern for is not made one.
    static func pattern(_ path: String) -> Translation {
        var path = path.hasPrefix("/") ? path : "/\(path)"
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        guard path.utf8.count <= 1024, path.utf8.allSatisfy({ (0x21...0x7e).contains($0) && !"?#".utf8.contains($0) })
        else { return .impossible("'\(path)' is not a path of a route") }
        guard path != "/_", !path.hasPrefix("/_/") else { return .impossible("paths under /_/ are Glo's own") }
        if path == "/" { return .pattern(path) }
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        var names: Set<Substring> = []
        for (index, part) in parts.enumerated() {
            if part.isEmpty || part == "." || part == ".." { return .impossible("'\(path)' has empty parts or dots") }
            guard part.contains(where: { "{}*".contains($0) }) else { continue }
            guard part.hasPrefix("{"), part.hasSuffix("}"), part.count > 2 else {
                return .impossible("'\(part)' is neither plain text nor one whole {parameter}")
            }
            var name = part.dropFirst().dropLast()
            if name.hasSuffix("+"), index == parts.count - 1 { name = name.dropLast() }
            guard isName(name), names.insert(name).inserted else {
                return .impossible("'\(part)' is not a parameter that a route can have")
            }
        }
        return .pattern(path)
    }

    private static func isName(_ name: Substring) -> Bool {
        guard let first = name.first, first == "_" || first.isASCII && first.isLetter else { return false }
        return name.allSatisfy { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
}
