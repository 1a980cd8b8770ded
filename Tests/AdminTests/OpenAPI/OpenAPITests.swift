import AccessControl
import AdminTestSupport
import FoundationEssentials
import FunctionModel
import Hummingbird
import Testing
import Yams

@testable import Controller

@Suite("docs/openapi.yaml")
struct OpenAPITests {
    /// What the gateway answers itself.
    private static let publicPaths: Set = [
        "GET /_/health", "GET /_/ready", "GET /_/invocations/{id}", "DELETE /_/invocations/{id}",
    ]

    private static func routes() -> Set<String> {
        let dashboard = Router(context: AdminContext.self)
        let bearers = BearerTokens(adminToken: nil, tokens: nil)
        DashboardRoutes(access: SessionAccess(sessions: BrowserSessions(), bearers: bearers)).add(to: dashboard)
        return Set(scopes.keys).union(dashboard.routes.map { "\($0.method) \($0.path)" })
    }

    /// The scope of each path of the admin API.
    private static let scopes: [String: AccessScope] = {
        var router = AdminRouter(Router(context: AdminContext.self))
        AdminRoutes(backend: FakeBackend(), maximumEventBytes: 1, doctor: { [] }).add(to: &router)
        return Dictionary(
            router.entries.map { entry in
                ("\(entry.method.rawValue) \(entry.path.replacing(/:(\w+)/) { "{\($0.output.1)}" })", entry.scope)
            }, uniquingKeysWith: { first, _ in first })
    }()

    @Test("It has every path of the API and of the public listener, and no other")
    func paths() throws {
        let told = Set(try OpenAPIDocument().operations.map { "\($0.method) \($0.path)" })
        let routes = Self.routes().union(Self.publicPaths)
        #expect(routes.subtracting(told).sorted() == [], "these are missing in docs/openapi.yaml")
        #expect(told.subtracting(routes).sorted() == [], "the router has no such paths")
    }

    @Test("The scope of a path is the one that a token needs for it")
    func scopes() throws {
        for operation in try OpenAPIDocument().operations where operation.node["tags"]?[0]?.string == "API" {
            let place = "\(operation.method) \(operation.path)"
            let needed = try #require(Self.scopes[place], "\(place)")
            #expect(operation.node["x-glo-scope"]?.string == needed.rawValue, "\(place)")
        }
    }

    @Test("Every operation has a name of its own, its path's parameters, and answers")
    func operations() throws {
        let document = try OpenAPIDocument()
        var names: Set<String> = []
        for operation in document.operations {
            let place = "\(operation.method) \(operation.path)"
            let name = operation.node["operationId"]?.string ?? ""
            #expect(names.insert(name).inserted && !name.isEmpty, "\(place): operationId")
            let parameters = [operation.shared, operation.node].flatMap { Array($0["parameters"]?.sequence ?? []) }
                .map { document.resolved($0) }
            let inPath = Set(parameters.filter { $0["in"]?.string == "path" }.compactMap { $0["name"]?.string })
            let wanted = Set(operation.path.matches(of: /\{(\w+)\}/).map { String($0.output.1) })
            #expect(inPath == wanted, "\(place): the parameters of the path")
            let responses = operation.node["responses"]?.mapping ?? [:]
            #expect(responses.values.allSatisfy { document.resolved($0)["description"]?.string != nil }, "\(place)")
            #expect(responses.keys.contains { $0.string?.hasPrefix("2") == true || $0.string == "302" }, "\(place)")
        }
    }

    @Test("Every reference leads somewhere, and every schema is used")
    func references() throws {
        let document = try OpenAPIDocument()
        let references = Set(OpenAPIDocument.references(document.root))
        for reference in references { #expect(document.resolve(reference) != nil, "\(reference)") }
        for name in document.root["components"]?["schemas"]?.mapping?.keys.compactMap(\.string) ?? [] {
            #expect(references.contains("#/components/schemas/\(name)"), "nothing uses the schema \(name)")
        }
    }

    @Test("It has the codes of all problems, and docs/errors.md explains them")
    func codes() throws {
        let document = try OpenAPIDocument()
        let codes = document.resolve("#/components/schemas/Problem/properties/code/enum")?.sequence ?? []
        let told = Set(codes.compactMap(\.string))
        for code in FailureCode.allCases { #expect(told.contains(code.rawValue), "\(code.rawValue) is missing") }
        let page = try String(contentsOfFile: "\(OpenAPIDocument.repository)/docs/errors.md", encoding: .utf8)
        for code in told { #expect(page.contains("| `\(code)` |"), "docs/errors.md does not explain \(code)") }
    }

    /// One request for each path that gives a document: method, template, path, body.
    private static let requests: [(String, String, String, String?)] = [
        ("GET", "/v1/status", "/v1/status", nil),
        ("GET", "/v1/functions", "/v1/functions", nil),
        ("GET", "/v1/functions/{name}", "/v1/functions/hello", nil),
        ("GET", "/v1/functions/{name}/versions", "/v1/functions/hello/versions", nil),
        ("GET", "/v1/functions/{name}/explain", "/v1/functions/hello/explain", nil),
        ("POST", "/v1/functions/{name}/rollback", "/v1/functions/hello/rollback", nil),
        ("POST", "/v1/functions/{name}/invoke", "/v1/functions/hello/invoke?logTail=true", "{}"),
        ("POST", "/v1/functions/{name}/enqueue", "/v1/functions/hello/enqueue", "{}"),
        ("GET", "/v1/functions/{name}/aliases", "/v1/functions/hello/aliases", nil),
        (
            "POST", "/v1/functions/{name}/aliases", "/v1/functions/hello/aliases",
            #"{"name":"live","versions":[{"version":3,"weight":1}]}"#
        ),
        ("DELETE", "/v1/functions/{name}/aliases/{alias}", "/v1/functions/hello/aliases/live", nil),
        ("POST", "/v1/functions/{name}/publish", "/v1/functions/hello/publish", nil),
        ("GET", "/v1/functions/{name}/published", "/v1/functions/hello/published", nil),
        ("DELETE", "/v1/functions/{name}/published/{number}", "/v1/functions/hello/published/2", nil),
        ("GET", "/v1/functions/{name}/records", "/v1/functions/hello/records", nil),
        ("GET", "/v1/records/{id}", "/v1/records/\(FakeBackend.invocation)", nil),
        ("GET", "/v1/workers", "/v1/workers", nil),
        ("GET", "/v1/stats", "/v1/stats", nil),
        ("GET", "/v1/stats/history", "/v1/stats/history", nil),
        ("POST", "/v1/topics/{topic}/publish", "/v1/topics/orders/publish", "{}"),
        ("GET", "/v1/invocations", "/v1/invocations", nil),
        ("GET", "/v1/invocations/{id}", "/v1/invocations/\(FakeEvents.succeeded)?payload=true", nil),
        ("DELETE", "/v1/invocations/{id}", "/v1/invocations/\(FakeEvents.running)", nil),
        ("POST", "/v1/invocations/{id}/replay", "/v1/invocations/\(FakeEvents.failed)/replay", nil),
        ("GET", "/v1/queue", "/v1/queue", nil),
        ("POST", "/v1/dead/redrive", "/v1/dead/redrive", #"{"function":"hello","limit":10}"#),
        ("POST", "/v1/dead/purge", "/v1/dead/purge", #"{"function":"hello","limit":10}"#),
        ("GET", "/v1/schedules", "/v1/schedules", nil),
        ("POST", "/v1/schedules/{name}/run", "/v1/schedules/hello%2F0/run", nil),
        ("POST", "/v1/erase", "/v1/erase", #"{"key":"customer-17"}"#),
    ]

    @Test("What the API answers, and what it takes, fits the schemas")
    func answers() async throws {
        let document = try OpenAPIDocument()
        let check = SchemaCheck(document: document)
        let fixture = try await AdminFixture()
        for (method, template, path, body) in Self.requests {
            let operation = try #require(document.operation(method, template), "\(method) \(template)")
            let answer = try await fixture.send(method, path, body: body.map { Array($0.utf8) })
            let response = operation.response(answer.status)
            let place = "\(method) \(path) answers \(answer.status)"
            let schema = try #require(response?["content"]?["application/json"]?["schema"], "\(place): \(answer.text)")
            let value = try #require(try Yams.compose(yaml: answer.text), "\(place)")
            #expect(check.differences(value, schema) == [], "\(place): \(answer.text)")
            if let body, let schema = operation.node["requestBody"]?["content"]?["application/json"]?["schema"] {
                let value = try #require(try Yams.compose(yaml: body))
                #expect(check.differences(value, schema) == [], "the body of \(place)")
            }
        }
        let json = document.operations.filter { $0.node["tags"]?[0]?.string == "API" }.filter { operation in
            operation.node["responses"]?.mapping?.values.contains { $0["content"]?["application/json"] != nil } ?? false
        }
        let asked = Set(Self.requests.map { "\($0.0) \($0.1)" } + ["GET /v1/doctor"])
        #expect(json.allSatisfy { asked.contains("\($0.method) \($0.path)") }, "a path was not asked")
        let refusal = try await fixture.send("GET", "/v1/functions/nobody")
        let problem = try #require(try Yams.compose(yaml: refusal.text))
        let schema = try #require(document.resolve("#/components/schemas/Problem"))
        #expect(check.differences(problem, schema) == [])
        let line = try #require(try await fixture.lines("/v1/logs?tail=1", leavingAfter: nil).first)
        let record = try #require(try Yams.compose(yaml: line))
        #expect(check.differences(record, try #require(document.resolve("#/components/schemas/LogRecord"))) == [])
        await fixture.server.stop()
    }
}
