import DispatchCore
import FunctionModel
import HTTPCodec

/// How servers read the path of a request, written down one server at a time and without a look at the table's own way.
enum ServerViews {
    /// A path as a server has it when it looks for what is meant.
    struct View: Hashable {
        var bytes: [UInt8]
        var isDecoded = false
        /// `/` that came out of `%2F` and is part of a name, kept as this byte.
        static let keptSlash: UInt8 = 1
    }

    typealias Reader = @Sendable (View) -> View

    /// What servers do, by themselves or after each other.
    static let steps: [(name: String, read: Reader)] = [
        ("decodes (WSGI, CGI, Rack, Django)", { decode($0, inSegments: false) }),
        ("decodes each segment (ServeMux)", { decode($0, inSegments: true) }),
        ("cuts parameters of segments (servlets)", cutParameters),
        ("cuts all behind a semicolon", { prefix($0, before: [";"]) }),
        ("cuts the query after decoding", { $0.isDecoded ? prefix($0, before: ["?", "#"]) : $0 }),
        ("merges slashes (nginx, ServeMux)", merge),
        ("backslash is slash (WHATWG URL)", { map($0) { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 } }),
        ("leading // is a host (WHATWG URL)", dropHost),
    ]

    /// All that up to `depth` steps in any order make of a path.
    static func all(_ path: String, depth: Int) -> Set<View> {
        var known: Set<View> = [View(bytes: Array(path.utf8))]
        var fresh = known
        for _ in 0..<depth {
            var next: Set<View> = []
            for view in fresh { for step in steps { next.insert(step.read(view)) } }
            fresh = next.subtracting(known)
            known.formUnion(fresh)
        }
        return known
    }

    private static func decode(_ view: View, inSegments: Bool) -> View {
        guard !view.isDecoded else { return view }
        var out: [UInt8] = []
        var rest = view.bytes[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                out.append(inSegments && value == UInt8(ascii: "/") ? View.keptSlash : value)
                rest = rest.dropFirst(2)
            } else {
                out.append(byte)
            }
        }
        return View(bytes: out, isDecoded: true)
    }

    private static func cutParameters(_ view: View) -> View {
        let segments = view.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let bare = segments.map { $0.prefix { $0 != UInt8(ascii: ";") } }
        return View(bytes: Array(bare.joined(separator: [UInt8(ascii: "/")])), isDecoded: view.isDecoded)
    }

    private static func prefix(_ view: View, before marks: [Character]) -> View {
        let stops = marks.compactMap(\.asciiValue)
        return View(bytes: Array(view.bytes.prefix { !stops.contains($0) }), isDecoded: view.isDecoded)
    }

    private static func merge(_ view: View) -> View {
        var out: [UInt8] = []
        for byte in view.bytes where !(byte == UInt8(ascii: "/") && out.last == byte) { out.append(byte) }
        return View(bytes: out, isDecoded: view.isDecoded)
    }

    private static func map(_ view: View, _ change: (UInt8) -> UInt8) -> View {
        View(bytes: view.bytes.map(change), isDecoded: view.isDecoded)
    }

    private static func dropHost(_ view: View) -> View {
        guard view.bytes.starts(with: "//".utf8) else { return view }
        let rest = Array(view.bytes.dropFirst(2).drop { $0 != UInt8(ascii: "/") })
        return View(bytes: rest.isEmpty ? Array("/".utf8) : rest, isDecoded: view.isDecoded)
    }
}

/// Finds a view's route by trying every pattern, the most specific first.
struct NaiveRoutes {
    private enum Piece {
        case literal(raw: [UInt8], bare: [UInt8])
        case parameter
        case tail
        case wildcard
    }

    private let patterns: [(route: Route, pieces: [Piece])]

    init(routes: [Route]) {
        let sorted = routes.sorted { Self.rank($0).lexicographicallyPrecedes(Self.rank($1)) }
        patterns = sorted.map { route in
            let pieces = route.pattern.segments.map { segment -> Piece in
                switch segment {
                case .literal(let text):
                    let raw = ServerViews.View(bytes: Array(text.utf8))
                    return .literal(raw: raw.bytes, bare: ServerViews.steps[1].read(raw).bytes)
                case .parameter: return .parameter
                case .tail: return .tail
                case .wildcard: return .wildcard
                }
            }
            return (route, pieces)
        }
    }

    /// The most specific route that fits.
    func route(_ view: ServerViews.View) -> Route? {
        guard view.bytes.first == UInt8(ascii: "/"), !view.bytes.elementsEqual("/_".utf8),
            !view.bytes.starts(with: "/_/".utf8)
        else { return nil }
        let given = view.bytes.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return patterns.first { Self.fits($0.pieces, given, view.isDecoded) }?.route
    }

    private static func fits(_ pieces: [Piece], _ given: [ArraySlice<UInt8>], _ isDecoded: Bool) -> Bool {
        for (index, piece) in pieces.enumerated() {
            guard index < given.count else { return false }
            switch piece {
            case .literal(let raw, let bare): if !given[index].elementsEqual(isDecoded ? bare : raw) { return false }
            case .parameter: if given[index].isEmpty { return false }
            case .tail: return given.count > index + 1 || !given[index].isEmpty
            case .wildcard: return true
            }
        }
        return given.count == pieces.count
    }

    /// Smaller goes first.
    static func rank(_ route: Route) -> [Int] {
        route.pattern.segments.map { segment in
            switch segment {
            case .literal: 0
            case .parameter: 1
            case .tail, .wildcard: 2
            }
        }
    }

    /// Whether a request that passed `taken` may not pass `meant`.
    static func opens(_ meant: Route, by taken: Route) -> Bool {
        guard meant !== taken else { return false }
        if let auth = meant.policies?.auth, auth != taken.policies?.auth { return true }
        if let limit = meant.policies?.rateLimit, limit != taken.policies?.rateLimit { return true }
        return meant.maxBodyBytes.map { $0 < taken.maxBodyBytes ?? .max } ?? false
    }
}
