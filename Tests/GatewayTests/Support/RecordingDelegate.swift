import DispatchCore
import FunctionModel
import Gateway
import HTTPCodec
import NIOCore

/// Stands for the dispatcher: notes what is invoked and answers as the test says.
final class RecordingDelegate: GatewayDelegate {
    enum Behaviour {
        /// `{"statusCode":200,"body":"METHOD path body"}`, at once.
        case echo
        /// The test answers later.
        case wait
        case custom((GatewayRequest, GatewayExchange) -> Void)
    }

    var table: RouteTable
    var behaviour: Behaviour
    var state = GatewayReadiness.ready
    var eventState = GatewayReadiness.ready
    var isStarting = false
    private(set) var requests: [GatewayRequest] = []
    private(set) var exchanges: [GatewayExchange] = []
    private(set) var stored: [StoredRequest] = []
    private(set) var left: [InvocationID] = []
    private(set) var attempts: [AuthenticationAttempt] = []
    /// What `authenticate` answers at once; nil leaves it to the test.
    var verdict: Result<RouteIdentity, AuthenticationFailure>?
    private(set) var pending: [(Result<RouteIdentity, AuthenticationFailure>) -> Void] = []

    init(routes: [Route], behaviour: Behaviour = .echo) {
        table = RouteTable(routes)
        self.behaviour = behaviour
    }

    func resolve(_ head: HTTPRequestHead) -> RouteMatch { table.match(path: head.path, method: head.method) }

    func invoke(_ request: GatewayRequest, responder: GatewayExchange) {
        requests.append(request)
        switch behaviour {
        case .echo: responder.reply(.result(Self.echo(request)))
        case .wait: exchanges.append(responder)
        case .custom(let body): body(request, responder)
        }
    }

    func authenticate(
        _ attempt: AuthenticationAttempt, _ done: @escaping (Result<RouteIdentity, AuthenticationFailure>) -> Void
    ) {
        attempts.append(attempt)
        if let verdict { done(verdict) } else { pending.append(done) }
    }

    func clientLeft(_ id: InvocationID, of function: FunctionName) { left.append(id) }

    func answer(_ request: StoredRequest, responder: GatewayExchange) {
        stored.append(request)
        responder.answer(
            status: 200, fields: HTTPFields([("Content-Type", "application/json")]), body: ByteBuffer(string: "{}"))
    }

    func readiness(events: Bool) -> GatewayReadiness { events ? eventState : state }

    static func echo(_ request: GatewayRequest) -> ByteBuffer {
        let head = request.event.head
        let body = String(buffer: request.event.body)
        return ByteBuffer(string: "{\"statusCode\":200,\"body\":\"\(head.method.name) \(head.path) \(body)\"}")
    }
}

/// A worker's flow that notes how it was told to pause and go on.
final class RecordingFlow: InvocationFlow {
    private(set) var calls: [String] = []

    func pauseReading() { calls.append("pause") }
    func resumeReading() { calls.append("resume") }
}

enum Fixture {
    /// `/hello…` for a lambda function, `/run` for exec, `/raw` for raw payloads, `/small` with a limit of 10 bytes,
    /// `/get` for GET only.
    static func routes() throws -> [Route] {
        let hello = try name("hello")
        return try Route.defaults(for: hello, contract: .lambda, payload: .event) + [
            Route(pattern: RoutePattern("/run"), function: name("run"), contract: .exec),
            Route(pattern: RoutePattern("/raw"), function: name("raw"), payload: .raw),
            Route(pattern: RoutePattern("/small"), function: name("small"), maxBodyBytes: 10),
            Route(pattern: RoutePattern("/get"), methods: [.get], function: name("get")),
            Route(pattern: RoutePattern("/users/{id}"), function: name("users")),
        ]
    }

    static func name(_ text: String) throws -> FunctionName {
        guard let name = FunctionName(text) else { throw InvalidFixture(text: text) }
        return name
    }
}

struct InvalidFixture: Error {
    let text: String
}
