import HTTPCodec

/// Patterns as a trie over the segments of paths. A leaf names its route by the route's place in the table.
struct RouteTrie: Sendable {
    private var nodes: [RouteNode] = [RouteNode()]
    private var literals = LiteralIndex()

    /// One segment of a pattern, a literal as the bytes that it is compared by.
    enum Step {
        case literal([UInt8])
        case parameter
        case tail
        case wildcard
    }

    /// What is looked for, and what was met on the way.
    struct Search {
        let path: UnsafeBufferPointer<UInt8>
        let method: HTTPMethod
        let bit: UInt16
        var captures: [Range<Int>] = []
        /// The methods of the routes that fit the path but not the method.
        var refused: MethodSet?

        init(_ path: UnsafeBufferPointer<UInt8>, _ method: HTTPMethod) {
            self.path = path
            self.method = method
            bit = MethodSet.bit(of: method)
        }
    }

    /// Adds a leaf where the steps end. Unless `sharing`, a leaf that stands there with a common method keeps the
    /// place, and its route is the result.
    mutating func insert(_ leaf: RouteLeaf, at steps: [Step], sharing: Bool = false) -> Int? {
        var node = 0
        var isTail = false
        for step in steps {
            switch step {
            case .literal(let bytes): node = child(of: node, literal: bytes)
            case .parameter: node = parameterChild(of: node)
            case .tail, .wildcard: isTail = true
            }
        }
        let standing = isTail ? nodes[node].tails : nodes[node].leaves
        if !sharing, let other = standing.first(where: { $0.methods.overlaps(leaf.methods) }) { return other.route }
        if isTail { nodes[node].tails.append(leaf) } else { nodes[node].leaves.append(leaf) }
        return nil
    }

    private mutating func child(of node: Int, literal bytes: [UInt8]) -> Int {
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

    /// The leaf of a path that begins with a slash.
    func find(_ search: inout Search) -> RouteLeaf? { walk(0, from: 1, &search) }

    /// Each node is visited at most once, since one way leads to it: the work is bounded by the size of the trie.
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

    init(_ route: Route, index: Int) {
        self.route = index
        methods = MethodSet(route.methods)
        takesNothing = route.pattern.segments.last == .wildcard
        parameterNames = route.pattern.parameterNames
    }
}
