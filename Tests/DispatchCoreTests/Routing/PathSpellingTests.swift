import FunctionModel
import HTTPCodec
import Testing
import TextForms

@testable import DispatchCore

@Suite("Spellings of paths")
struct PathSpellingTests {
    private static let key = RouteAuth.keys(["a"])

    /// A route with what protects it: `key`, `limit`, `body` or nothing.
    private static func route(_ pattern: String, _ function: String, _ protection: String = "") throws -> Route {
        let name = try #require(FunctionName(function))
        let limit = RateLimitSettings(rate: EventRate(count: 10, perMilliseconds: 1000), burst: 10)
        let auth: RouteAuth? = protection.hasPrefix("key") ? .keys([String(protection.dropFirst(3))]) : nil
        let policies =
            auth != nil || protection == "limit"
            ? RoutePolicies(auth: auth, rateLimit: protection == "limit" ? limit : nil) : nil
        return Route(
            pattern: try RoutePattern(pattern), function: name, maxBodyBytes: protection == "body" ? 100 : nil,
            policies: policies)
    }

    private static func protected() throws -> RouteTable {
        RouteTable([
            try route("/pp/{rest+}", "pp"), try route("/pp/admin", "pp", "key-a"),
            try route("/pp/admin/{rest+}", "pp", "key-a"), try route("/pp/caf%C3%A9", "pp", "key-a"),
            try route("/_url/f", "url", "key-a"), try route("/_url/f/*", "url", "key-a"), try route("/{all+}", "all"),
            try route("/items/{id}", "items", "key-a"), try route("/x/{name}", "x"),
            try route("/x/own/*", "x", "key-a"),
            try route("/app", "app"), try route("/app/*", "app", "key-a"), try route("/proxy/{url+}", "proxy"),
            try route("/limited", "limited", "limit"), try route("/small", "small", "body"),
        ])
    }

    private static func answer(_ path: String, _ method: HTTPMethod = .get) throws -> String {
        let match = try protected().match(path: path, method: method)
        guard case .found(let route, _) = match else { return summary(match) }
        return route.function.rawValue + (route.isProtected ? "!" : "")
    }

    @Test(
        "No spelling falls from a protected pattern to an open one",
        arguments: [
            "/pp/%61dmin", "/pp/%61dmin/users", "/pp//admin", "/pp/admin/", "/pp///admin//", "/pp/admin;x",
            "/pp/admin;",
            "/pp/;/admin", "/pp/;x/admin", "/pp/%61dmin;x/users", "/pp/admin%3Bx", "/pp/admin%3bx/y", "/pp/admin%2F",
            "/pp%2Fadmin", "/pp%2fadmin%2fusers", "/%70p/admin", "/%70%70/%61dmin", "//pp/admin", "/pp/\\admin",
            "/pp\\admin", "/pp%5Cadmin", "/pp/admin%3F", "/pp/admin%3Fx=1", "/pp/admin%23", "//host/pp/admin",
            "/%2Fhost/pp/admin", "/\\host/pp/admin", "/pp/caf%c3%a9", "/pp/caf%C3%A9/", "/%5furl/f", "/%5Furl/f/x",
            "//_url/f", "/_url//f", "/x/own", "/%69tems/7", "/items;v/7", "//items/7", "/limite%64", "/small/",
            "/pp/%61dmin%2Fusers", "/x/%6fwn/y", "/x/own%2Fy",
        ])
    func closed(path: String) throws {
        #expect(try Self.answer(path) == "400")
        #expect(try Self.answer(path, .post) == "400")
        #expect(try Self.answer(path, .head) == "400")
    }

    @Test(
        "The plain spelling goes where its pattern says, and so does what no protected pattern could mean",
        arguments: [
            ("/pp/admin", "pp!"), ("/pp/admin/users", "pp!"), ("/pp/admin/%61", "pp!"), ("/pp/users", "pp"),
            ("/pp/a%20b//c;d", "pp"), ("/pp/administrators", "pp"), ("/pp/ADMIN", "pp"), ("/pp/%2561dmin", "pp"),
            ("/proxy/http://example.org/a%2Fb?", "proxy"), ("/proxy/http%3A%2F%2Fexample.org", "proxy"),
            ("/items/7", "items!"), ("/items/%37", "items!"), ("/x/7", "x"), ("/x/own/", "x!"), ("/x/own/a", "x!"),
            ("/app", "app"), ("/app/", "app!"), ("/app/a", "app!"), ("/_url/f", "url!"), ("/_url/f/", "url!"),
            ("/_url/f/a%2Fb", "url!"), ("/pp/caf%C3%A9", "pp!"), ("/a//b/", "all"), ("/pp/..;/admin", "404"),
            ("/pp/%2e%2e%3B/admin", "404"), ("/pp/../admin", "404"), ("/pp/admin%00", "404"), ("/%5f/health", "all"),
        ])
    func open(path: String, expected: String) throws { #expect(try Self.answer(path) == expected) }

    @Test("Where nothing is protected, every spelling goes where it goes")
    func unprotected() throws {
        let table = RouteTable([try Self.route("/admin", "admin"), try Self.route("/{p+}", "page")])
        for path in ["/%61dmin", "//admin", "/admin/", "/admin;x", "/a%2Fb", "/http://x/y"] {
            #expect(summary(table.match(path: path, method: .get)).hasPrefix("page"), "\(path)")
        }
    }

    @Test("A route whose protection is the same stands in for another of its function")
    func sameProtection() throws {
        let table = RouteTable([try Self.route("/a", "f", "key-a"), try Self.route("/a/*", "f", "key-a")])
        #expect(summary(table.match(path: "/a/", method: .get)) == "f")
        #expect(summary(table.match(path: "/a//%61;x", method: .get)) == "f")
        let other = RouteTable([try Self.route("/a", "f", "key-a"), try Self.route("/a/*", "f", "key-b")])
        #expect(summary(other.match(path: "/a/", method: .get)) == "400")
        #expect(summary(other.match(path: "/a", method: .get)) == "f")
    }

    @Test("What strip leaves at the beginning is no host")
    func stripped() throws {
        let name = try #require(FunctionName("f"))
        let table = RouteTable([
            Route(pattern: try RoutePattern("/api/{p+}"), function: name, policies: RoutePolicies(strippedBytes: 4)),
            Route(
                pattern: try RoutePattern("/api/own"), function: name,
                policies: RoutePolicies(strippedBytes: 4, auth: Self.key)),
        ])
        #expect(summary(table.match(path: "/api//h/own", method: .get)) == "400")
        #expect(summary(table.match(path: "/api/h/own", method: .get)) == "f p=h/own")
    }

    @Test(
        "A path that can be read in very many ways costs bounded time",
        arguments: ["//%3B;%2F\\x", "//", "/a;b%2F%2f", "%2F%5C\\/;", "//h"])
    func bounded(noise: String) throws {
        let path = "/pp/" + String(repeating: noise, count: 8000 / noise.utf8.count)
        let table = try Self.protected()
        let time = ContinuousClock().measure {
            for _ in 0..<5 { _ = table.match(path: path, method: .get) }
        }
        #expect(time < .seconds(5))
    }

    // MARK: Seeded

    /// Two thousand spellings for each of 50 tables.
    @Test(
        "100,000 spellings over 50 tables: none opens what a server behind may read it as",
        arguments: 1...50 as ClosedRange<UInt64>)
    func spellings(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var routes: [Route] = []
        for index in 0..<14 { routes.append(try randomRoute(index, &random)) }
        let table = RouteTable(routes)
        let naive = NaiveRoutes(routes: table.routes)
        var openings: [String] = []
        var needless: [String] = []
        for turn in 0..<2000 {
            let path = randomSpelling(of: table.routes.randomElement(using: &random), &random)
            switch table.match(path: path, method: .get) {
            case .found(let route, _): if opens(path, route, naive) { openings.append("\(path) by \(route.pattern)") }
            // The search for a reason is the dearer one.
            case .ambiguous: if turn.isMultiple(of: 16), !isAmbiguous(path, naive) { needless.append(path) }
            case .notFound, .methodNotAllowed: break
            }
        }
        #expect(openings.isEmpty, "\(openings.prefix(5)) of \(routes.map(\.pattern))")
        #expect(needless.isEmpty, "\(needless.prefix(5)) of \(routes.map(\.pattern))")
    }

    private func opens(_ path: String, _ taken: Route, _ naive: NaiveRoutes) -> Bool {
        for view in ServerViews.all(path, depth: 2) {
            if let meant = naive.route(view), NaiveRoutes.opens(meant, by: taken) { return true }
            if view.bytes.count > 1, view.bytes.last == UInt8(ascii: "/") {
                var bare = view
                bare.bytes.removeLast()
                if let meant = naive.route(bare), NaiveRoutes.opens(meant, by: taken) { return true }
            } else {
                var open = view
                open.bytes.append(UInt8(ascii: "/"))
                let taker = NaiveRoutes.rank(taken)
                guard let meant = naive.route(open), NaiveRoutes.opens(meant, by: taken) else { continue }
                let rank = NaiveRoutes.rank(meant)
                if let place = zip(rank, taker).first(where: { $0 != $1 }), place.0 < place.1 { return true }
            }
        }
        return false
    }

    /// Whether two ways of reading lead to routes of which one is protected.
    private func isAmbiguous(_ path: String, _ naive: NaiveRoutes) -> Bool {
        var routes: [Route] = []
        for view in ServerViews.all(path, depth: 5) {
            for bytes in [
                view.bytes, view.bytes + Array("/".utf8),
                view.bytes.last == UInt8(ascii: "/") ? Array(view.bytes.dropLast()) : view.bytes,
            ] {
                let route = naive.route(ServerViews.View(bytes: bytes, isDecoded: view.isDecoded))
                if let route, !routes.contains(where: { $0 === route }) { routes.append(route) }
            }
        }
        return routes.count > 1 && routes.contains(where: \.isProtected)
    }

    private static let literals = ["a", "b", "adm", "x.y", "%C3%A9", "a%20b", "c:d"]

    private func randomRoute(_ index: Int, _ random: inout SplitMix64) throws -> Route {
        var pattern = ""
        let count = Int.random(in: 1...4, using: &random)
        for place in 0..<count {
            let isLast = place == count - 1
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<7: pattern += "/" + (Self.literals.randomElement(using: &random) ?? "a")
            case 7..<9: pattern += "/{p\(place)}"
            case 9: pattern += isLast ? "/{t\(place)+}" : "/a"
            case 10: pattern += isLast ? "/*" : "/b"
            default: pattern += isLast && place > 0 ? "/" : "/adm"
            }
        }
        let protections = ["", "", "", "key-a", "key-a", "key-b", "limit", "body"]
        return try Self.route(pattern, "f\(index % 4)", protections.randomElement(using: &random) ?? "")
    }

    /// A path that the pattern takes, written in another way.
    private func randomSpelling(of route: Route?, _ random: inout SplitMix64) -> String {
        var path = ""
        for segment in route?.pattern.segments ?? [] {
            switch segment {
            case .literal(let text): path += "/" + text
            case .parameter: path += "/" + (Self.literals.randomElement(using: &random) ?? "a")
            case .tail, .wildcard: path += "/" + (["", "a", "adm/b", "c:d/"].randomElement(using: &random) ?? "")
            }
        }
        var bytes = Array(path.utf8)
        for _ in 0..<Int.random(in: 0...3, using: &random) { mutate(&bytes, &random) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
        let place = Int.random(in: 0..<max(1, bytes.count), using: &random)
        let insertions = [
            "/", "//", ";", ";x=1", "%2F", "%2f", "%5C", "\\", "%3B", "%3F", "%23", "/a", "%", "/;/", "%25", "/.", ".",
        ]
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1:
            guard bytes.indices.contains(place) else { return }
            var encoded: [UInt8] = []
            PercentEncoding.appendEscape(of: bytes[place], to: &encoded)
            let isLower = Bool.random(using: &random)
            bytes.replaceSubrange(
                place...place,
                with: isLower ? Array(String(decoding: encoded, as: UTF8.self).lowercased().utf8) : encoded)
        case 2: bytes.append(contentsOf: (["/", "//", ";", "%2F", "%3F"].randomElement(using: &random) ?? "").utf8)
        case 3: if bytes.count > 1 { bytes.remove(at: place) }
        case 4: bytes.insert(contentsOf: "//h".utf8, at: 0)
        default: bytes.insert(contentsOf: (insertions.randomElement(using: &random) ?? "").utf8, at: place)
        }
    }
}
