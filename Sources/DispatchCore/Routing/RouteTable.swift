package import HTTPCodec
import TextForms

/// All routes as a trie over the segments of paths. Immutable: a changed catalogue makes a new table.
///
/// At each segment a literal beats a parameter and a parameter beats a tail; when the better way leads nowhere for this
/// path and method, the next one is tried. So the most specific route that takes the request gets it.
///
/// Paths are matched as they were sent, and handlers get them so:
/// - only values of parameters are percent-decoded, after the match
/// - an empty segment is a segment: no literal or parameter takes it, a tail does
/// - a path with a dot segment or a NUL, bare or encoded, is taken by no route
/// - a path whose first segment is `_` is taken by no route: it is Glo's own
///
/// Servers behind may read a path in another way than it was sent, `/%61dmin` and `//admin` as `/admin`. Where a route
/// is protected, each way of reading is looked up too, see ``RouteReadings``.
package struct RouteTable: Sendable {
    /// The routes that have an effect, in the order in which they were given.
    package private(set) var routes: [Route] = []
    /// The routes that were refused.
    package private(set) var conflicts: [RouteConflict] = []
    private var trie = RouteTrie()
    /// Nil when nothing is protected.
    private var readings: RouteReadings?
    /// Copies of what ``readings`` says, which cost the usual path no reference counts.
    private var isProtecting = false
    private var looksAtPlainPaths = false

    package init() {}

    /// Builds the table. Where routes conflict, the one that stands earlier in `routes` counts.
    package init(_ routes: [Route]) {
        for route in routes { insert(route) }
        readings = RouteReadings(self.routes)
        isProtecting = readings != nil
        looksAtPlainPaths = readings?.looksAtPlainPaths ?? false
    }

    private mutating func insert(_ route: Route) {
        let steps = route.pattern.segments.map { segment -> RouteTrie.Step in
            switch segment {
            case .literal(let text): .literal(Array(text.utf8))
            case .parameter: .parameter
            case .tail: .tail
            case .wildcard: .wildcard
            }
        }
        if let standing = trie.insert(RouteLeaf(route, index: routes.count), at: steps) {
            conflicts.append(RouteConflict(route, standing: routes[standing]))
        } else {
            routes.append(route)
        }
    }

    // MARK: Matching

    /// Finds the route of a path, which is as it was sent and without its query.
    package func match(path: String, method: HTTPMethod) -> RouteMatch {
        var path = path
        return path.withUTF8 { match($0, method) }
    }

    private func match(_ path: UnsafeBufferPointer<UInt8>, _ method: HTTPMethod) -> RouteMatch {
        let shape = PathShape(path)
        guard path.first == UInt8(ascii: "/"), !isReserved(path), !shape.mayTraverse || !PathSafety.isTraversal(path)
        else { return .notFound }
        var search = RouteTrie.Search(path, method)
        guard let leaf = trie.find(&search) else {
            return search.refused.map { .methodNotAllowed(allowed: $0.listed) } ?? .notFound
        }
        let route = routes[leaf.route]
        if isProtecting, looksAtPlainPaths || !shape.isPlain, leadsElsewhere(path, method, route) { return .ambiguous }
        guard !leaf.parameterNames.isEmpty else { return .found(route, parameters: []) }
        let values = zip(leaf.parameterNames, search.captures).map { name, range in
            (name: name, value: PercentEncoding.text(of: UnsafeBufferPointer(rebasing: path[range])))
        }
        return .found(route, parameters: values)
    }

    private func isReserved(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
        guard path.count >= 2, path[1] == UInt8(ascii: "_") else { return false }
        return path.count == 2 || path[2] == UInt8(ascii: "/")
    }

    // MARK: Readings

    /// Whether a server behind may read the path as one of a route that this one must not stand in for.
    private func leadsElsewhere(
        _ path: UnsafeBufferPointer<UInt8>, _ method: HTTPMethod, _ route: Route
    ) -> Bool {
        guard let readings else { return false }
        var spellings = PathReadings(
            path, strippedBytes: route.policies?.strippedBytes ?? 0, alwaysDecoded: readings.hasEncodedLiterals)
        return spellings.contains { bytes, isDecoded in
            if let other = find(bytes, method, isDecoded, readings), route.differs(from: other) { return true }
            let other: Route?
            if bytes.count > 1, bytes.last == UInt8(ascii: "/") {
                other = find(bytes.dropLast(), method, isDecoded, readings)
            } else {
                // `/x/admin/*` is meant rather than `/x/{name}`, but not rather than `/x/admin`.
                other = find(bytes + [UInt8(ascii: "/")], method, isDecoded, readings)
                    .flatMap { $0.pattern.isMoreSpecific(than: route.pattern) ? $0 : nil }
            }
            return other.map(route.isWeaker(than:)) ?? false
        }
    }

    private func find(
        _ bytes: some Collection<UInt8>, _ method: HTTPMethod, _ isDecoded: Bool, _ readings: RouteReadings
    ) -> Route? {
        let leaf = bytes.withContiguousStorageIfAvailable { path -> RouteLeaf? in
            guard path.first == UInt8(ascii: "/"), !isReserved(path) else { return nil }
            var search = RouteTrie.Search(path, method)
            return isDecoded ? readings.decoded.find(&search) : trie.find(&search)
        }
        return leaf.flatMap { $0 }.map { routes[$0.route] }
    }
}
