import AccessControl
import AdminModel
import AdminTestSupport
import HTTPCodec
import NIOCore
import Synchronization
import Testing

@testable import Controller

@Suite("The listener of AWS's APIs")
struct APIListenerTests {
    private final class Recorder: ServiceAPI {
        let requests = Mutex<[ServiceRequest]>([])

        func call(_ request: ServiceRequest) -> ServiceCall {
            ServiceCall(needed: .deploy) { [self] in
                requests.withLock { $0.append(request) }
                return ServiceResponse(
                    status: 201, fields: HTTPFields([("Content-Type", "application/json")]),
                    body: ByteBuffer(string: "{\"id\":\"\(request.id)\"}"))
            }
        }
    }

    private static func fixture(_ services: APIServices = APIServices()) async throws -> AdminFixture {
        try await AdminFixture(
            services: services,
            configure: {
                $0.tcp = ("127.0.0.1", 0)
                $0.token = try AdminToken("a-token-of-good-length")
            })
    }

    @Test("A request for Lambda's API reaches its service, whole and as it was sent")
    func lambda() async throws {
        let recorder = Recorder()
        let fixture = try await Self.fixture(APIServices(lambda: recorder))
        let answer = try await fixture.send("PUT", "/2015-03-31/functions/a%3Ab/code?x=%2F", body: Array("{}".utf8))
        #expect(answer.status == 201)
        let request = try #require(recorder.requests.withLock { $0.first })
        #expect(request.method == "PUT")
        #expect(request.path == "/2015-03-31/functions/a%3Ab/code")
        #expect(request.query == "x=%2F")
        #expect(String(buffer: request.body) == "{}")
        #expect(answer.text.contains(request.id))
        await fixture.server.stop()
    }

    @Test("A request for queues reaches their service, by its header or by its form")
    func queues() async throws {
        let recorder = Recorder()
        let fixture = try await Self.fixture(APIServices(queues: recorder))
        let target = [("X-Amz-Target", "AmazonSQS.ListQueues")]
        #expect(try await fixture.send("POST", "/", body: [], fields: target).status == 201)
        let form = [("Content-Type", "application/x-www-form-urlencoded")]
        let body = Array("Action=ListQueues".utf8)
        #expect(try await fixture.send("POST", "/000000000000/orders", body: body, fields: form).status == 201)
        #expect(recorder.requests.withLock(\.count) == 2)
        await fixture.server.stop()
    }

    @Test(
        "A token's scope is held against the operation that is carried out, however else the request names one",
        arguments: [
            ("application/x-www-form-urlencoded", "AmazonSQS.SendMessage", "Action=PurgeQueue", 403),
            ("application/x-www-form-urlencoded", nil, "Action=SendMessage&Action=PurgeQueue", 403),
            ("application/x-www-form-urlencoded", nil, "Action=SendMessage&%41ction=PurgeQueue", 403),
            ("application/x-www-form-urlencoded", nil, "Action=PurgeQueue&Action=SendMessage", 201),
            (
                "application/x-www-form-urlencoded", nil,
                "MessageBody=" + String(repeating: "x", count: 5000) + "&Action=SendMessage", 201
            ),
            ("application/x-amz-json-1.0", "AmazonSQS.PurgeQueue", "Action=SendMessage", 403),
            ("application/x-amz-json-1.0", "AmazonSQS.SendMessage", "{}", 201),
        ])
    func scopes(type: String, target: String?, body: String, status: Int) async throws {
        let made = AccessToken.make(name: "ci", scopes: [.invoke], nowMilliseconds: 1_000, lifetimeMilliseconds: nil)
        let directory = try TemporaryDirectory()
        let file = AccessTokenFile(stateDirectory: directory.path)
        try file.add(made.record)
        let fixture = try await AdminFixture(
            services: APIServices(queues: ReadingService { QueueAPI.Asked($0).operation?.scope }),
            configure: {
                $0.tcp = ("127.0.0.1", 0)
                $0.tokens = AccessTokens(file: file)
            })
        let fields = [("Content-Type", type)] + (target.map { [("X-Amz-Target", $0)] } ?? [])
        let base = "http://\(fixture.listeners[1].address)"
        let answer = try await fixture.send(
            "POST", "/000000000000/orders", body: Array(body.utf8), to: base, token: made.token, fields: fields)
        #expect(answer.status == status)
        await fixture.server.stop()
    }

    @Test(
        "What no service takes is answered in the API's own form",
        arguments: [
            ("/2015-03-31/functions/", "NotImplementedException"),
            ("/2015-03-31/functions/x/invocations", "NotImplementedException"),
        ])
    func missing(path: String, code: String) async throws {
        let fixture = try await Self.fixture()
        let answer = try await fixture.send("POST", path, body: [])
        #expect(answer.status == 501)
        #expect(answer.errorType == code)
        await fixture.server.stop()
    }

    @Test(
        "Over TCP each API says in its own form that nobody is known",
        arguments: [
            ("/2015-03-31/functions/x/invocations", [], 403, "MissingAuthenticationTokenException"),
            ("/2015-03-31/functions/", [], 403, "MissingAuthenticationTokenException"),
            ("/", [("X-Amz-Target", "AmazonSQS.ListQueues")], 403, "#MissingAuthenticationTokenException"),
            ("/", [("Content-Type", "application/x-www-form-urlencoded")], 403, "<Code>MissingAuthenticationToken"),
            ("/v1/status", [], 401, "\"unauthorized\""),
        ] as [(String, [(String, String)], Int, String)])
    func refusals(path: String, fields: [(String, String)], status: Int, text: String) async throws {
        let fixture = try await Self.fixture()
        let base = "http://\(fixture.listeners[1].address)"
        let answer = try await fixture.send("POST", path, body: [], to: base, fields: fields)
        #expect(answer.status == status)
        #expect(answer.text.contains(text) || answer.errorType == text)
        await fixture.server.stop()
    }

    @Test("Who is not known cannot send a large body")
    func largeBody() async throws {
        let fixture = try await Self.fixture()
        let base = "http://\(fixture.listeners[1].address)"
        let body = [UInt8](repeating: 32, count: 5 << 20)
        let refused = try await fixture.send("POST", "/2015-03-31/functions", body: body, to: base)
        #expect(refused.status == 403)
        let known = try await fixture.send(
            "POST", "/2015-03-31/functions", body: body, to: base, token: "a-token-of-good-length")
        #expect(known.status == 501)
        await fixture.server.stop()
    }

    @Test("An access key of the state directory opens TCP without a token")
    func keyFile() async throws {
        let key = AccessKey(id: "GLOKEXAMPLE", secret: "a-secret-of-good-length")
        let fixture = try await AdminFixture(
            prepare: { try AccessKeyFile(stateDirectory: $0).add(key) }, configure: { $0.tcp = ("127.0.0.1", 0) })
        #expect(fixture.listeners.count == 2)
        let file = AccessKeyFile(stateDirectory: fixture.state)
        #expect(try file.keys() == [key])
        #expect(try file.remove(id: "nobody") == false)
        #expect(try file.remove(id: key.id))
        #expect(try file.keys().isEmpty)
        await fixture.server.stop()
    }
}
