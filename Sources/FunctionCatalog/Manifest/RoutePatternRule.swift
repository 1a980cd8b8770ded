/// The form of a route's pattern. Conflicts between routes are found when the table of all routes is built.
enum RoutePatternRule {
    /// What is wrong with a pattern such as `/hello/{id}` or `/files/{rest+}`; nil when it is right.
    static func violation(_ pattern: String) -> String? {
        guard pattern.utf8.first == UInt8(ascii: "/") else { return "a path begins with '/'" }
        guard pattern.utf8.count <= 1024 else { return "a path has at most 1024 bytes" }
        guard
            pattern.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
            )
        else { return "a path has no spaces, no '?', no '#' and nothing that is not ASCII" }
        guard pattern != "/_", !pattern.hasPrefix("/_/") else { return "paths under /_/ are Glo's own" }
        let segments = pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        var names: Set<String> = []
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            if segment.isEmpty && !(isLast && segments.count == 1) {
                return isLast ? "a path does not end in '/'" : "a path has no empty parts"
            }
            if segment == "." || segment == ".." { return "a path has no '.' and no '..'" }
            if segment == "*" && isLast { continue }
            guard segment.utf8.contains(where: { "{}*".utf8.contains($0) }) else { continue }
            if let violation = parameterViolation(segment, isLast: isLast, names: &names) { return violation }
        }
        return nil
    }

    private static func parameterViolation(_ segment: String, isLast: Bool, names: inout Set<String>) -> String? {
        guard segment.hasPrefix("{"), segment.hasSuffix("}"), segment.utf8.count > 2 else {
            return "'\(segment)' is neither plain text nor one whole {parameter}"
        }
        var name = String(segment.dropFirst().dropLast())
        if name.hasSuffix("+") {
            guard isLast else { return "{\(name)} takes the rest of the path, so it comes last" }
            name.removeLast()
        }
        guard ReservedEnvironment.isName(name) else {
            return "'\(name)' is no name of a parameter: letters, digits and '_' only"
        }
        guard names.insert(name).inserted else { return "the parameter '\(name)' comes twice" }
        return nil
    }
}
