import AccessControl
import AdminModel
import AdminTestSupport
import HTTPCodec
import Hummingbird
import NIOCore
import Testing

@testable import Controller

/// Every operation of every API × every scope × every path that may lead to it. The operations are read from the code
/// that carries them out, so a new one is in the matrix from its first day.
@Suite("The matrix of scopes", .timeLimit(.minutes(5)))
struct ScopeMatrixTests {
    /// Who asks: by a token, or by a browser's session that began with it.
    private struct Caller: Sendable {
        let name: String
        /// Nil is nobody.
        let scope: AccessScope?
        let fields: [(name: String, value: String)]

        func allows(_ needed: AccessScope) -> Bool { scope?.includes(needed) ?? false }
    }

    private struct Cell: Sendable {
        let request: RawRequest
        let needed: AccessScope
        /// Whether the path is as documents write it, so that who may must get in.
        let isPlain: Bool
    }

    private struct World {
        let fixture: AdminFixture
        let port: UInt16
        let lambda: ReadingService
        let queues: ReadingService
        let callers: [Caller]
        let directory: TemporaryDirectory
    }

    private static func world() async throws -> World {
        let directory = try TemporaryDirectory()
        let file = AccessTokenFile(stateDirectory: directory.path)
        let lambda = ReadingService { request in
            let request = ControlRequest(request)
            return ControlOperation(method: request.method, path: request.path)?.scope
        }
        let queues = ReadingService { QueueAPI.Asked($0).operation?.scope }
        let fixture = try await AdminFixture(
            services: APIServices(lambda: lambda, queues: queues),
            configure: {
                $0.tcp = ("127.0.0.1", 0)
                $0.token = try AdminToken("a-token-of-good-length")
                $0.tokens = AccessTokens(file: file)
            })
        var callers = [Caller(name: "nobody", scope: nil, fields: [])]
        let base = "http://\(fixture.listeners[1].address)"
        for scope in AccessScope.allCases {
            let made = AccessToken.make(
                name: scope.rawValue, scopes: [scope], nowMilliseconds: 0, lifetimeMilliseconds: nil)
            try file.add(made.record)
            callers.append(
                Caller(
                    name: "token \(scope)", scope: scope,
                    fields: [(name: "Authorization", value: "Bearer \(made.token)")]))
            let session = try await Session(fixture, base, token: made.token)
            callers.append(Caller(name: "session \(scope)", scope: scope, fields: session.fields))
            callers.append(Caller(name: "cookie of \(scope) alone", scope: nil, fields: [session.fields[0]]))
        }
        let port = try #require(fixture.listeners[1].address.split(separator: ":").last.flatMap { UInt16($0) })
        return World(
            fixture: fixture, port: port, lambda: lambda, queues: queues, callers: callers, directory: directory)
    }

    /// Asks every cell as every caller.
    ///
    /// - Returns: how many requests were made, and those that were answered wrongly.
    private func check(_ cells: [Cell], _ world: World) async -> (count: Int, wrong: [String]) {
        var (count, wrong) = (0, [String]())
        for cell in cells {
            for caller in world.callers {
                var request = cell.request
                request.fields += caller.fields
                let status = await request.status(port: world.port)
                count += 1
                let isRefusal = [400, 401, 403, 404, 405].contains(status)
                let isRight =
                    caller.allows(cell.needed)
                    ? !cell.isPlain || ![0, 401, 403].contains(status) : isRefusal
                if !isRight {
                    wrong.append(
                        "\(request.method) \(request.path) \(cell.request.fields) as \(caller.name): \(status)")
                }
            }
        }
        return (count, wrong)
    }

    /// Other ways to write a path, of which none may open it.
    private static func spellings(_ path: String) -> [String] {
        let parts = path.split(separator: "/")
        let encoded = parts.map { part in
            "%" + String(part.utf8.first ?? 0, radix: 16) + part.dropFirst()
        }
        return [
            path + "/", "/" + path, path.replacing("/", with: "//"), "/." + path, "/ui/.." + path, "/ui" + path,
            "/ui/%2e%2e" + path, "/%2e" + path, "/" + encoded.joined(separator: "/"), path + ";a=b",
            "/" + parts.joined(separator: "%2F"), path + "?a=/ui/", "/ui/session/.." + path,
        ]
    }

    private static func cells(
        _ method: String, _ path: String, needed: AccessScope, fields: [(name: String, value: String)] = [],
        body: String = ""
    ) -> [Cell] {
        func cell(_ path: String, isPlain: Bool) -> Cell {
            let request = RawRequest(method: method, path: path, fields: fields, body: body)
            return Cell(request: request, needed: needed, isPlain: isPlain)
        }
        return [cell(path, isPlain: true)] + spellings(path).map { cell($0, isPlain: false) }
    }

    @Test("Of the admin API, each route opens to its scope alone, however its path is written")
    func admin() async throws {
        let world = try await Self.world()
        var router = AdminRouter(Router(context: AdminContext.self))
        AdminRoutes(backend: world.fixture.backend, maximumEventBytes: 1, doctor: { [] }).add(to: &router)
        let cells = router.entries.flatMap { entry in
            let path = entry.path.replacing(":name", with: "hello").replacing(#/:\w+/#, with: "x")
            return Self.cells(entry.method.rawValue, path, needed: entry.scope)
        }
        let (count, wrong) = await check(cells.filter { !Self.isDoctor($0) }, world)
        #expect(wrong == [])
        print("admin API: \(router.entries.count) routes, \(count) requests, \(wrong.count) wrong")
        await world.fixture.server.stop()
    }

    /// The fixture has no doctor: its path is not there.
    private static func isDoctor(_ cell: Cell) -> Bool { cell.isPlain && cell.request.path == "/v1/doctor" }

    @Test("Of the queues' API, each operation opens to its scope alone, in both protocols and at every path")
    func queues() async throws {
        let world = try await Self.world()
        let paths = [
            "/", "/000000000000/orders", "/ui", "/ui/", "/ui/session", "/ui/dashboard.js", "/v1/status", "/metrics",
            "//", "/%2e", "/ui/../", "/queue/orders",
        ]
        var cells: [Cell] = []
        for operation in QueueOperation.allCases {
            for path in paths {
                let target = [(name: "X-Amz-Target", value: "AmazonSQS.\(operation.rawValue)")]
                let json = target + [(name: "Content-Type", value: "application/x-amz-json-1.0")]
                let form = [(name: "Content-Type", value: "application/x-www-form-urlencoded")]
                let isPlain = path == "/" || path.hasPrefix("/000")
                for (fields, body) in [(json, "{}"), (form, "Action=\(operation.rawValue)")] {
                    cells.append(
                        Cell(
                            request: RawRequest(method: "POST", path: path, fields: fields, body: body),
                            needed: operation.scope, isPlain: isPlain))
                }
            }
        }
        let (count, wrong) = await check(cells, world)
        #expect(wrong == [])
        print("queues' API: \(QueueOperation.allCases.count) operations, \(count) requests, \(wrong.count) wrong")
        await world.fixture.server.stop()
    }

    @Test("Of Lambda's API, each operation opens to its scope alone, however its path is written")
    func lambda() async throws {
        let world = try await Self.world()
        let operations = Self.lambdaOperations()
        #expect(operations.count > 40)
        var cells = operations.flatMap { Self.cells($0.method, $0.path, needed: $0.scope) }
        for path in [
            "/2015-03-31/functions/hello/invocations", "/2014-11-13/functions/hello/invoke-async/",
            "/2021-11-15/functions/hello/response-streaming-invocations",
        ] {
            cells += Self.cells("POST", path, needed: .invoke, body: "{}")
        }
        let (count, wrong) = await check(cells, world)
        #expect(wrong == [])
        print("Lambda's API: \(operations.count + 3) operations, \(count) requests, \(wrong.count) wrong")
        await world.fixture.server.stop()
    }

    /// Every verb and path that is an operation, found by trying all short paths of the words that operations have.
    private static func lambdaOperations() -> [(method: String, path: String, scope: AccessScope)] {
        let words = [
            "configuration", "code", "versions", "aliases", "concurrency", "event-invoke-config",
            "provisioned-concurrency", "url", "urls", "policy", "code-signing-config", "runtime-management-config",
            "recursion-config",
        ]
        let ofFunction = [[]] + words.map { [$0] } + words.flatMap { [[$0, "list"], [$0, "live"]] }
        let paths =
            [
                ["functions"], ["account-settings"], ["tags", "arn"], ["event-source-mappings"],
                ["event-source-mappings", "x"],
            ]
            + ofFunction.map { ["functions", "hello"] + $0 }
        var found: [(method: String, path: String, scope: AccessScope)] = []
        for path in paths.map({ ["2015-03-31"] + $0 }) {
            for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"] {
                guard let operation = ControlOperation(method: method, path: path) else { continue }
                found.append((method, "/" + path.joined(separator: "/"), operation.scope))
            }
        }
        return found
    }
}
