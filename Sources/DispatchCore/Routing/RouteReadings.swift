/// What a table with protected routes knows about the other ways in which servers may read paths.
struct RouteReadings: Sendable {
    /// The routes by their literals without percent-encoding. Paths are decoded once before they are looked up here.
    private(set) var decoded = RouteTrie()
    /// Whether a literal is encoded whose bytes can also be sent bare: then no path has one spelling only.
    private(set) var hasEncodedLiterals = false
    /// Whether a protected route takes a path with a slash behind it, and none like it the path without.
    private let hasBareSlashes: Bool

    /// Nil when no route is protected: then every spelling goes where it goes.
    init?(_ routes: [Route]) {
        guard routes.contains(where: \.isProtected) else { return nil }
        hasBareSlashes = Self.hasBareSlashes(routes)
        // Where two patterns are one when decoded, the protected one is found.
        for (index, route) in routes.enumerated() where route.isProtected { insert(route, index) }
        for (index, route) in routes.enumerated() where !route.isProtected { insert(route, index) }
    }

    /// Whether also a path that has one spelling only, but for a slash at its end, may be read in another way.
    var looksAtPlainPaths: Bool { hasBareSlashes || hasEncodedLiterals }

    private mutating func insert(_ route: Route, _ index: Int) {
        let leaf = RouteLeaf(route, index: index)
        var whole: [RouteTrie.Step] = []
        var split: [RouteTrie.Step] = []
        for segment in route.pattern.segments {
            switch segment {
            case .literal(let text):
                let encoded = Array(text.utf8)
                let plain = PathReadings.decoded(encoded, keepsSlashes: false)
                if plain != encoded, plain.contains(where: { $0 > 0x20 && $0 < 0x7f }) { hasEncodedLiterals = true }
                whole.append(.literal(PathReadings.decoded(encoded, keepsSlashes: true)))
                let parts = plain.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
                split += parts.map { .literal(Array($0)) }
            case .parameter:
                whole.append(.parameter)
                split.append(.parameter)
            case .tail:
                whole.append(.tail)
                split.append(.tail)
            case .wildcard:
                whole.append(.wildcard)
                split.append(.wildcard)
            }
        }
        _ = decoded.insert(leaf, at: whole, sharing: true)
        if split.count != whole.count { _ = decoded.insert(leaf, at: split, sharing: true) }
    }

    private static func hasBareSlashes(_ routes: [Route]) -> Bool {
        var whole: [[String]: MethodSet] = [:]
        for route in routes {
            whole[shape(route.pattern.segments[...]), default: MethodSet()].formUnion(MethodSet(route.methods))
        }
        return routes.contains { route in
            guard route.isProtected, let last = route.pattern.segments.last, last == .wildcard || last == .literal(""),
                route.pattern.segments.count > 1
            else { return false }
            guard let methods = whole[shape(route.pattern.segments.dropLast())] else { return true }
            return !methods.covers(MethodSet(route.methods))
        }
    }

    /// The same for patterns that take the same paths.
    private static func shape(_ segments: ArraySlice<RoutePattern.Segment>) -> [String] {
        segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .parameter: "{}"
            case .tail: "{+}"
            case .wildcard: "*"
            }
        }
    }
}
