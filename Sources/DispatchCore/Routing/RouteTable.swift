package import HTTPCodec

/// All routes as a trie over the segments of paths. Immutable: a changed catalogue makes a new table.
///
/// At each segment a literal beats a parameter and a parameter beats a tail; when the better way leads nowhere for this
/// path and method, the next one is tried. So the most specific route that takes the request gets it.
///
/// Paths are matched as they were sent. Nothing is decoded, collapsed or resolved, so `/%61dmin`, `//admin` and
/// `/x/../admin` never reach the route `/admin`, and what a proxy in front has checked is what is matched here:
/// - only values of parameters are percent-decoded, after the match
/// - an empty segment is a segment: no literal or parameter takes it, a tail does
/// - a path with a dot segment or a NUL, bare or encoded, is taken by no route
/// - a path whose first segment is `_` is taken by no route: it is Glo's own
package struct RouteTable: Sendable {
    /// The routes that have an effect, in the order in which they were given.
    package private(set) var routes: [Route] = []
    /// The routes that were refused.
    package private(set) var conflicts: [RouteConflict] = []
    private var nodes: [RouteNode] = [RouteNode()]
    private var literals = LiteralIndex()

    package init() {}

    /// Builds the table. Where routes conflict, the one that stands earlier in `routes` counts.
    package init(_ routes: [Route]) {
        for route in routes { insert(route) }
    }

    private mutating func insert(_ route: Route) {
        var node = 0
        var isTail = false
        var takesNothing = false
        for segment in route.pattern.segments {
            switch segment {
            case .literal(let text): node = child(of: node, literal: text)
            case .parameter: node = parameterChild(of: node)
            case .tail: isTail = true
            case .wildcard:
                isTail = true
                takesNothing = true
            }
        }
        let leaf = RouteLeaf(
            route: routes.count, methods: MethodSet(route.methods), takesNothing: takesNothing,
            parameterNames: route.pattern.parameterNames)
        let standing = isTail ? nodes[node].tails : nodes[node].leaves
        if let other = standing.first(where: { $0.methods.overlaps(leaf.methods) }) {
            conflicts.append(RouteConflict(route, standing: routes[other.route]))
            return
        }
        routes.append(route)
        if isTail { nodes[node].tails.append(leaf) } else { nodes[node].leaves.append(leaf) }
    }

    private mutating func child(of node: Int, literal: String) -> Int {
        let bytes = Array(literal.utf8)
        let known = bytes.withUnsafeBufferPointer { literals.find(node: node, $0) }
        if let known { return known }
        nodes.append(RouteNode())
        literals.insert(node: node, bytes, child: nodes.count - 1)
        return nodes.count - 1
    }

    private mutating func parameterChild(of node: Int) -> Int {
        if nodes[node].parameterChild >= 0 { return nodes[node].parameterChild }
        nodes.append(RouteNode())
        nodes[node].parameterChild = nodes.count - 1
        return nodes.count - 1
    }

    // MARK: Matching

    /// Finds the route of a path, which is as it was sent and without its query.
    package func match(path: String, method: HTTPMethod) -> RouteMatch {
        var path = path
        return path.withUTF8 { match($0, method) }
    }

    private func match(_ path: UnsafeBufferPointer<UInt8>, _ method: HTTPMethod) -> RouteMatch {
        guard path.first == UInt8(ascii: "/"), !isReserved(path), !PathSafety.isTraversal(path) else {
            return .notFound
        }
        var search = Search(path: path, method: method, bit: MethodSet.bit(of: method))
        guard let leaf = walk(0, from: 1, &search) else {
            return search.refused.map { .methodNotAllowed(allowed: $0.listed) } ?? .notFound
        }
        let route = routes[leaf.route]
        guard !leaf.parameterNames.isEmpty else { return .found(route, parameters: []) }
        let values = zip(leaf.parameterNames, search.captures).map { name, range in
            (name: name, value: PercentCoding.decoded(UnsafeBufferPointer(rebasing: path[range])))
        }
        return .found(route, parameters: values)
    }

    private func isReserved(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
        guard path.count >= 2, path[1] == UInt8(ascii: "_") else { return false }
        return path.count == 2 || path[2] == UInt8(ascii: "/")
    }

    private struct Search {
        let path: UnsafeBufferPointer<UInt8>
        let method: HTTPMethod
        let bit: UInt16
        var captures: [Range<Int>] = []
        /// The methods of the routes that fit the path but not the method.
        var refused: MethodSet?
    }

    /// Each node is visited at most once, since one way leads to it: the work is bounded by the size of the table.
    private func walk(_ node: Int, from start: Int, _ search: inout Search) -> RouteLeaf? {
        let path = search.path
        var end = start
        while end < path.count, path[end] != UInt8(ascii: "/") { end &+= 1 }
        let segment = UnsafeBufferPointer(rebasing: path[start..<end])
        if let child = literals.find(node: node, segment), let leaf = step(to: child, end, &search) { return leaf }
        let parameterChild = nodes[node].parameterChild
        if parameterChild >= 0, end > start {
            search.captures.append(start..<end)
            if let leaf = step(to: parameterChild, end, &search) { return leaf }
            search.captures.removeLast()
        }
        if !nodes[node].tails.isEmpty {
            if let leaf = select(nodes[node].tails, isEmpty: start == path.count, &search) {
                if !leaf.takesNothing { search.captures.append(start..<path.count) }
                return leaf
            }
        }
        return nil
    }

    @inline(__always)
    private func step(to child: Int, _ end: Int, _ search: inout Search) -> RouteLeaf? {
        end == search.path.count
            ? select(nodes[child].leaves, isEmpty: false, &search) : walk(child, from: end &+ 1, &search)
    }

    /// The leaf that takes the method; one that lists HEAD goes before one that only has GET.
    @inline(__always)
    private func select(_ leaves: [RouteLeaf], isEmpty: Bool, _ search: inout Search) -> RouteLeaf? {
        for leaf in leaves where !isEmpty || leaf.takesNothing {
            if leaf.methods.contains(search.method, bit: search.bit) { return leaf }
        }
        for leaf in leaves where !isEmpty || leaf.takesNothing {
            if search.method == .head, leaf.methods.contains(.get, bit: MethodSet.bit(of: .get)) { return leaf }
            var refused = search.refused ?? MethodSet()
            refused.formUnion(leaf.methods)
            search.refused = refused
        }
        return nil
    }
}

/// A place in the trie.
struct RouteNode: Sendable {
    /// -1 when no pattern has a parameter here.
    var parameterChild = -1
    /// Routes that end here.
    var leaves: [RouteLeaf] = []
    /// Routes that take the rest from here.
    var tails: [RouteLeaf] = []
}

/// The end of one route's pattern.
struct RouteLeaf: Sendable {
    let route: Int
    let methods: MethodSet
    /// For tails: whether an empty rest is taken, and no parameter is filled.
    let takesNothing: Bool
    let parameterNames: [String]
}
