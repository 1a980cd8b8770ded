import DispatchCore
import FunctionModel
import HTTPCodec
import Testing

@Suite("The route table")
struct RouteTableTests {
    private func table() throws -> RouteTable {
        RouteTable([
            try route("/", "root"),
            try route("/users", "users", [.get, .post]),
            try route("/users/me", "me"),
            try route("/users/{id}", "user", [.get]),
            try route("/users/{id}/posts/{post}", "post"),
            try route("/users/me/posts/latest", "latest"),
            try route("/files/{rest+}", "files"),
            try route("/files/special/{rest+}", "special"),
            try route("/files/{name}/meta", "meta"),
            try route("/admin", "admin"),
            try route("/slash/", "slash"),
            try route("/{any}", "any", [.put]),
        ])
    }

    @Test(
        "The most specific route that takes the method answers",
        arguments: [
            ("/", HTTPMethod.get, "root"),
            ("/users", .get, "users"),
            ("/users", .head, "users"),
            ("/users", .put, "any any=users"),
            ("/users", .delete, "405 GET,HEAD,POST,PUT"),
            ("/users/me", .get, "me"),
            ("/users/7", .get, "user id=7"),
            ("/users/7", .head, "user id=7"),
            ("/users/7", .post, "405 GET,HEAD"),
            ("/users/", .get, "404"),
            ("/users/7/posts/9", .get, "post id=7 post=9"),
            ("/users/me/posts/9", .get, "post id=me post=9"),
            ("/users/me/posts/latest", .get, "latest"),
            ("/files/a", .get, "files rest=a"),
            ("/files/a/b/c", .get, "files rest=a/b/c"),
            ("/files/special/b", .get, "special rest=b"),
            ("/files/special", .get, "files rest=special"),
            ("/files/x/meta", .get, "meta name=x"),
            ("/files/special/meta", .get, "special rest=meta"),
            ("/files/x/meta/y", .get, "files rest=x/meta/y"),
            ("/files", .get, "405 PUT"),
            ("/files/", .get, "404"),
            ("/slash/", .get, "slash"),
            ("/nothing/here", .get, "404"),
            ("nothing", .get, "404"),
            ("*", .options, "404"),
            ("", .get, "404"),
        ])
    func precedence(path: String, method: HTTPMethod, expected: String) throws {
        #expect(summary(try table().match(path: path, method: method)) == expected)
    }

    @Test("A function without triggers has its name and all below it")
    func defaultRoutes() throws {
        let name = try #require(FunctionName("hello"))
        let table = RouteTable(Route.defaults(for: name, contract: .exec, payload: .raw))
        for path in ["/hello", "/hello/", "/hello/a", "/hello/a/b/"] {
            #expect(summary(table.match(path: path, method: .post)) == "hello", "\(path)")
        }
        for path in ["/hell", "/helloo", "/Hello", "/"] {
            #expect(summary(table.match(path: path, method: .post)) == "404", "\(path)")
        }
    }

    @Test(
        "No spelling of a path reaches another function's route",
        arguments: [
            ("/%61dmin", "page p=admin"),
            ("/ADMIN", "page p=ADMIN"),
            ("//admin", "404"),
            ("/admin/", "404"),
            ("/./admin", "404"),
            ("/x/../admin", "404"),
            ("/x/%2e%2e/admin", "404"),
            ("/x/%2E./admin", "404"),
            ("/x%2f..%2fadmin", "404"),
            ("/x%5c..%5cadmin", "404"),
            ("/..", "404"),
            ("/admin%00", "404"),
            ("/admin%2f", "page p=admin/"),
            ("/admin;x", "page p=admin;x"),
            ("/admin", "admin"),
            ("/...", "page p=..."),
            ("/.well-known", "page p=.well-known"),
        ])
    func tricks(path: String, expected: String) throws {
        let table = RouteTable([try route("/admin", "admin"), try route("/{p}", "page")])
        #expect(summary(table.match(path: path, method: .get)) == expected)
    }

    @Test("Glo's own prefix is nobody's, whatever the routes", arguments: ["/_", "/_/", "/_/health", "/_/invoke/f"])
    func reserved(path: String) throws {
        let table = RouteTable([try route("/{rest+}", "all"), try route("/{a}/{b}", "two"), try route("/*", "star")])
        #expect(summary(table.match(path: path, method: .get)) == "404")
        #expect(summary(table.match(path: "/_x", method: .get)) == "all rest=_x")
    }

    @Test(
        "Values of parameters are percent-decoded, what cannot be is kept as it was sent",
        arguments: [
            ("/p/a%20b", "f v=a b"),
            ("/p/a+b", "f v=a+b"),
            ("/p/%C3%A6", "f v=\u{e6}"),
            ("/p/a%2Fb", "f v=a/b"),
            ("/p/a%Fth", "f v=a%Fth"),
            ("/p/%ff", "f v=%ff"),
            ("/p/%", "f v=%"),
            ("/t/a//b%20c/", "t v=a//b c/"),
        ])
    func decoding(path: String, expected: String) throws {
        let table = RouteTable([try route("/p/{v}", "f"), try route("/t/{v+}", "t")])
        #expect(summary(table.match(path: path, method: .get)) == expected)
    }

    @Test("Methods are case-sensitive, and unusual ones are matched by name")
    func unusualMethods() throws {
        let table = RouteTable([
            try route("/a", "dav", [.other("PROPFIND")]), try route("/a", "get", [.get]),
        ])
        #expect(summary(table.match(path: "/a", method: .other("PROPFIND"))) == "dav")
        #expect(summary(table.match(path: "/a", method: .other("get"))) == "405 GET,HEAD,PROPFIND")
        #expect(table.conflicts.isEmpty)
    }

    @Test("A route that lists HEAD goes before one that only has GET")
    func explicitHead() throws {
        let table = RouteTable([try route("/a", "get", [.get]), try route("/a", "head", [.head])])
        #expect(table.conflicts.isEmpty)
        #expect(summary(table.match(path: "/a", method: .head)) == "head")
        #expect(summary(table.match(path: "/a", method: .get)) == "get")
    }

    @Test(
        "Routes of one shape with a common method conflict, and the earlier one stands",
        arguments: [
            ("/a/{id}", nil, "/a/{key}", nil, true),
            ("/a/{id}", [HTTPMethod.get], "/a/{key}", [HTTPMethod.post], false),
            ("/a/{id}", [.get], "/a/{key}", [.get, .post], true),
            ("/a", nil, "/a", [.get], true),
            ("/a/{x+}", nil, "/a/*", nil, true),
            ("/a/{x}", nil, "/a/b", nil, false),
            ("/a/{x+}", nil, "/a/{y}", nil, false),
            ("/a", nil, "/a/", nil, false),
            ("/%61", nil, "/a", nil, true),
        ] as [(String, [HTTPMethod]?, String, [HTTPMethod]?, Bool)])
    func conflicts(
        first: String, firstMethods: [HTTPMethod]?, second: String, secondMethods: [HTTPMethod]?, conflicts: Bool
    ) throws {
        let table = RouteTable([
            try route(first, "one", firstMethods), try route(second, "two", secondMethods),
            try route("/other", "three"),
        ])
        #expect(table.conflicts.count == (conflicts ? 1 : 0))
        #expect(table.routes.count == (conflicts ? 2 : 3))
        #expect(summary(table.match(path: "/other", method: .get)) == "three")
        if let conflict = table.conflicts.first {
            #expect(conflict.function.rawValue == "two" && conflict.standingFunction.rawValue == "one")
            #expect(conflict.pattern == second && conflict.standingPattern == first)
            #expect(conflict.description.contains("'one'") && conflict.description.contains("'two'"))
        }
    }

    @Test("A thousand functions are all found")
    func manyFunctions() throws {
        let names = try (0..<1000).map { try #require(FunctionName("fn-\($0)")) }
        let table = RouteTable(names.flatMap { Route.defaults(for: $0, contract: .lambda, payload: .event) })
        #expect(table.conflicts.isEmpty)
        for name in names {
            #expect(summary(table.match(path: "/\(name)", method: .get)) == name.rawValue)
            #expect(summary(table.match(path: "/\(name)/x", method: .get)) == name.rawValue)
        }
        #expect(summary(table.match(path: "/fn-1000", method: .get)) == "404")
    }
}
