import FunctionModel
import HTTPCodec
import NIOCore
import Testing
import WorkerProtocol

/// A `lambda` worker and the port of its Runtime API.
struct LambdaWorld {
    static let prefix = "/2018-06-01/runtime"
    static let next = "\(prefix)/invocation/next"
    static let ok = "{\"status\":\"OK\"}\n"

    let harness: WorkerHarness
    let port: UInt16

    init(concurrency: Int = 1, limit: Int = 6_291_556) throws {
        let (socket, port) = try TestSocket.listening()
        self.port = port
        harness = try WorkerHarness(
            .lambda, context: WorkerHarness.context(concurrency: concurrency, limit: limit),
            descriptors: [socket.take()])
    }

    func client() throws -> TestHTTPClient { try TestHTTPClient(port: port) }

    /// A client whose first `/next` waits.
    func polling() throws -> TestHTTPClient {
        let client = try client()
        try client.send(.get, Self.next)
        harness.expect(.ready)
        return client
    }

    /// A client that holds this invocation.
    func running(_ invocation: Invocation) throws -> TestHTTPClient {
        let client = try polling()
        try harness.invoke(invocation)
        #expect(try client.response().status == 200)
        return client
    }

    static func response(_ number: UInt64) -> String { "\(prefix)/invocation/\(Sample.id(number))/response" }
    static func error(_ number: UInt64) -> String { "\(prefix)/invocation/\(Sample.id(number))/error" }
}

@Suite("The Runtime API serves Lambda clients")
struct LambdaWorkerChannelTests {
    @Test("An invocation goes out at /next, its answer comes in, and the following /next frees the slot")
    func roundTrip() throws {
        let world = try LambdaWorld()
        let client = try world.polling()
        try world.harness.invoke(Sample.direct(1, #"{"a":1}"#, traceParent: Sample.traceParent))
        let event = try client.response()
        #expect(event.status == 200)
        #expect(event.body == #"{"a":1}"#)
        var fields = event.fields
        let delivery = fields.removeValue(forKey: "Lambda-Runtime-Invocation-Id")
        #expect(delivery.flatMap { InvocationID($0) } != nil)
        #expect(
            fields == [
                "Content-Type": "application/json",
                "Content-Length": "7",
                "Lambda-Runtime-Aws-Request-Id": Sample.id(1).description,
                "Lambda-Runtime-Deadline-Ms": "1700000000123",
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:000000000000:function:hello",
                "Lambda-Runtime-Trace-Id":
                    "Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled=1",
            ])
        let answer = try client.exchange(post: LambdaWorld.response(1), #"{"b":2}"#)
        #expect(answer.status == 202)
        #expect(answer.fields["Content-Type"] == "application/json")
        #expect(answer.body == LambdaWorld.ok)
        world.harness.expect(.result(Sample.id(1), #"{"b":2}"#))
        try world.harness.expectQuiet()
        try client.send(.get, LambdaWorld.next)
        world.harness.expect(.finished(Sample.id(1)))
        try world.harness.invoke(Sample.direct(2, ""))
        #expect(try client.response().body == "{}")
    }

    @Test("The ARN ends with the qualifier that the caller named", arguments: ["live", "3", "$LATEST"])
    func qualifiedARN(_ qualifier: String) throws {
        let world = try LambdaWorld()
        let client = try world.polling()
        try world.harness.invoke(Sample.qualified(1, qualifier))
        let event = try client.response()
        #expect(
            event.fields["Lambda-Runtime-Invoked-Function-Arn"]
                == "arn:aws:lambda:us-east-1:000000000000:function:hello:\(qualifier)")
        #expect(event.fields["Lambda-Runtime-Aws-Request-Id"] == Sample.id(1).description)
    }

    @Test("A POST and the following GET in one write are answered in order")
    func pipelined() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.direct(1, "1"))
        try client.post(LambdaWorld.response(1), "first")
        try client.send(.get, LambdaWorld.next)
        #expect(try client.response().status == 202)
        world.harness.expect(.result(Sample.id(1), "first"), .finished(Sample.id(1)))
        try world.harness.invoke(Sample.direct(2, "2"))
        #expect(try client.response().body == "2")
    }

    @Test("A flood of requests on one connection is answered to its end, a few in each turn of the loop")
    func flood() throws {
        let world = try LambdaWorld()
        let client = try world.client()
        try client.socket.send(String(repeating: "GET /ping HTTP/1.1\r\nHost: h\r\n\r\n", count: 300))
        var answers = ""
        while answers.matches(of: /HTTP\/1\.1 200 OK/).count < 300 {
            let bytes = try client.socket.receive()
            try #require(!bytes.isEmpty, "the connection was closed")
            answers += String(decoding: bytes, as: UTF8.self)
        }
        try client.send(.get, LambdaWorld.next)
        world.harness.expect(.ready)
    }

    @Test("A client that says that it pipelines gets the 202 together with the next event, not before it")
    func coalesced() throws {
        let world = try LambdaWorld()
        let client = try world.client()
        let next = "GET \(LambdaWorld.next) HTTP/1.1\r\nHost: h\r\nGlo-Runtime: pipelined\r\n\r\n"
        try client.socket.send(next)
        world.harness.expect(.ready)
        try world.harness.invoke(Sample.direct(1, "1"))
        _ = try client.socket.receive()
        try client.socket.send(
            "POST \(LambdaWorld.response(1)) HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nfirst\(next)")
        world.harness.expect(.result(Sample.id(1), "first"), .finished(Sample.id(1)))
        try world.harness.invoke(Sample.direct(2, "second"))
        let bytes = String(decoding: try client.socket.receive(), as: UTF8.self)
        #expect(bytes.hasPrefix("HTTP/1.1 202 Accepted\r\n"))
        #expect(bytes.contains("HTTP/1.1 200 OK\r\n"))
        #expect(bytes.hasSuffix("second"))
    }

    @Test("A pipelined 202 is not lost when the client ends its side, nor with a result that is refused")
    func heldBack() throws {
        let world = try LambdaWorld(limit: 10)
        let client = try world.client()
        let next = "GET \(LambdaWorld.next) HTTP/1.1\r\nHost: h\r\nGlo-Runtime: pipelined\r\n\r\n"
        try client.socket.send(next)
        world.harness.expect(.ready)
        try world.harness.invoke(Sample.direct(1, "1"))
        _ = try client.socket.receive()
        try client.socket.send(
            "POST \(LambdaWorld.response(1)) HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nhello world\(next)")
        #expect(try client.socket.receive(upTo: "\r\n").contains("413"))
        world.harness.expect(
            .failure(
                Sample.id(1), .responseTooLarge,
                payload:
                    #"{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (10 bytes)."}"#
            ), .finished(Sample.id(1)))
        try world.harness.invoke(Sample.direct(2, "2"))
        _ = try client.socket.receive(upTo: "\r\n\r\n2")
        try client.socket.send(
            "POST \(LambdaWorld.response(2)) HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok\(next)")
        client.socket.finishSending()
        #expect(try client.socket.receive(upTo: "\r\n").contains("202"))
        world.harness.expect(.result(Sample.id(2), "ok"), .finished(Sample.id(2)))
    }

    @Test("A large event and a large result pass unchanged")
    func large() throws {
        let world = try LambdaWorld()
        let text = "\"" + String(repeating: "0123456789", count: 300_000) + "\""
        let client = try world.polling()
        try world.harness.invoke(Sample.direct(1, text))
        #expect(try client.response().body == text)
        #expect(try client.exchange(post: LambdaWorld.response(1), text).status == 202)
        world.harness.expect(.result(Sample.id(1), text))
    }

    @Test("A request becomes an event of payload format 2.0, and with payload: raw its bare body")
    func payloads() throws {
        let world = try LambdaWorld()
        let client = try world.polling()
        try world.harness.invoke(Sample.http(1, .post, "/hello/x", query: "a=1", body: "hi"))
        let event = try client.response().body
        #expect(event.hasPrefix(#"{"version":"2.0","routeKey":"$default","rawPath":"/hello/x","#))
        #expect(try client.exchange(post: LambdaWorld.response(1), "1").status == 202)
        try client.send(.get, LambdaWorld.next)
        world.harness.expect(.result(Sample.id(1), "1"), .finished(Sample.id(1)))
        try world.harness.invoke(Sample.http(2, .post, body: "bare \u{1F600}", payload: .raw))
        #expect(try client.response().body == "bare \u{1F600}")
    }

    @Test("Chunked bodies with trailers, as Go sends for everything, are whole results")
    func goStyle() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.direct(1, "1"))
        try client.send(
            .post, LambdaWorld.response(1),
            "User-Agent: aws-lambda-go/go1.19.8\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n"
                + "Trailer: Lambda-Runtime-Function-Error-Type,Lambda-Runtime-Function-Error-Body\r\n"
                + "Accept-Encoding: gzip\r\n\r\n4\r\n{\"a\"\r\n4\r\n: 1}\r\n0\r\n"
                + "Lambda-Runtime-Function-Error-Body: \r\nLambda-Runtime-Function-Error-Type: \r\n\r\n")
        #expect(
            try client.response()
                == .init(
                    status: 202, fields: ["Content-Type": "application/json", "Content-Length": "16"],
                    body: LambdaWorld.ok))
        world.harness.expect(.result(Sample.id(1), #"{"a": 1}"#))
    }

    @Test("What a handler posts to /error reaches the caller unchanged")
    func errors() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.direct(1, "1"))
        let document = #"{"errorMessage":"x","errorType":"ValueError","stackTrace":["a"]}"#
        let answer = try client.exchange(
            post: LambdaWorld.error(1), document,
            fields: "Lambda-Runtime-Function-Error-Type: Runtime.HandlerError\r\n")
        #expect(answer.status == 202)
        world.harness.expect(.failure(Sample.id(1), .handlerFailed, payload: document))
        #expect(world.harness.details.last == "The handler reported an error: Runtime.HandlerError.")
    }

    @Test("Of an error cause only what callers may see is kept")
    func errorCause() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.direct(1, "1"))
        let document = #"{"errorMessage":"x","working_directory":"/","errorType":"E", "stackTrace": [1,{"a":2}]}"#
        _ = try client.exchange(
            post: LambdaWorld.error(1), document,
            fields: "Content-Type: application/vnd.aws.lambda.error.cause+json\r\n")
        world.harness.expect(
            .failure(
                Sample.id(1), .handlerFailed,
                payload: #"{"errorMessage":"x","errorType":"E","stackTrace":[1,{"a":2}]}"#))
    }

    @Test("A header of a megabyte with /error does no harm")
    func hugeHeader() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.direct(1, "1"))
        let cause = String(repeating: "x", count: 1 << 20)
        let answer = try client.exchange(
            post: LambdaWorld.error(1), "{}", fields: "Lambda-Runtime-Function-XRay-Error-Cause: \(cause)\r\n")
        #expect(answer.status == 202)
        world.harness.expect(.failure(Sample.id(1), .handlerFailed, payload: "{}"))
    }

    @Test("The id in the path may be percent-encoded")
    func encodedID() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.direct(1, "1"))
        let path = LambdaWorld.response(1).split(separator: "-", omittingEmptySubsequences: false)
        // Only the hyphens of the id, not those of the API's version.
        let encoded = path[..<3].joined(separator: "-") + "%2D" + path[3...].joined(separator: "%2d")
        #expect(try client.exchange(post: encoded, "x").status == 202)
        world.harness.expect(.result(Sample.id(1), "x"))
    }

    @Test("Answers that nobody waits for are refused with the documented errors")
    func refused() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.direct(1, "1"))
        for path in [LambdaWorld.response(9), LambdaWorld.error(9), "\(LambdaWorld.prefix)/invocation/x/response"] {
            let answer = try client.exchange(post: path, "x")
            #expect(answer.status == 400)
            #expect(answer.fields["Content-Type"] == "application/json")
            #expect(answer.body == #"{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}"#)
            world.harness.expect(.event("refused"))
        }
        #expect(try client.exchange(post: LambdaWorld.response(1), "x").status == 202)
        world.harness.expect(.result(Sample.id(1), "x"))
        let second = try client.exchange(post: LambdaWorld.response(1), "y")
        #expect(second.status == 403)
        #expect(second.body.contains(#""errorType":"InvalidStateTransition""#))
        world.harness.expect(.event("refused"))
        let late = try client.exchange(post: "\(LambdaWorld.prefix)/init/error", "{}")
        #expect(late.status == 403)
        #expect(late.body.contains("State transition from Ready to InitError failed for runtime."))
        try world.harness.expectQuiet()
    }

    @Test("A handler that cannot start says so, and gets no events any more")
    func initError() throws {
        let world = try LambdaWorld()
        let client = try world.client()
        let document = #"{"errorType":"Runtime.ImportModuleError","errorMessage":"Unable to import module 'app'"}"#
        #expect(try client.exchange(post: "\(LambdaWorld.prefix)/init/error", document).status == 202)
        world.harness.expect(.initFailed(.handlerInitFailed, payload: document))
        #expect(try client.exchange(.get, LambdaWorld.next).status == 403)
        #expect(try client.exchange(post: "\(LambdaWorld.prefix)/init/error", "{}").status == 403)
    }

    @Test("A result that is too large is read to its end, refused with 413, and fails the invocation")
    func tooLarge() throws {
        let world = try LambdaWorld(limit: 1000)
        let client = try world.running(Sample.direct(1, "1"))
        let answer = try client.exchange(post: LambdaWorld.response(1), String(repeating: "x", count: 1001))
        #expect(answer.status == 413)
        #expect(
            answer.body
                == #"{"errorMessage":"Exceeded maximum allowed payload size (1000 bytes).","errorType":"RequestEntityTooLarge"}"#
        )
        world.harness.expect(
            .failure(
                Sample.id(1), .responseTooLarge,
                payload:
                    #"{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (1000 bytes)."}"#
            ))
        try client.send(.get, LambdaWorld.next)
        world.harness.expect(.finished(Sample.id(1)))
    }

    @Test("A result of exactly the limit is not too large")
    func justSmallEnough() throws {
        let world = try LambdaWorld(limit: 1000)
        let client = try world.running(Sample.direct(1, "1"))
        let text = String(repeating: "x", count: 1000)
        #expect(try client.exchange(post: LambdaWorld.response(1), text).status == 202)
        world.harness.expect(.result(Sample.id(1), text))
    }

    @Test("A client that waits for 100 Continue is told to go on")
    func expectContinue() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.direct(1, "1"))
        try client.send(.post, LambdaWorld.response(1), "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        #expect(try client.socket.receive(upTo: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
        try client.socket.send("hi")
        #expect(try client.response().status == 202)
        world.harness.expect(.result(Sample.id(1), "hi"))
    }

    @Test("A /next while the event is running gives the same event again")
    func redelivery() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.direct(1, "again"))
        let second = try client.exchange(.get, LambdaWorld.next)
        #expect(second.status == 200)
        #expect(second.body == "again")
        #expect(second.fields["Lambda-Runtime-Aws-Request-Id"] == Sample.id(1).description)
        #expect(try client.exchange(post: LambdaWorld.response(1), "x").status == 202)
        world.harness.expect(.result(Sample.id(1), "x"))
    }

    @Test("A client that opens a connection for each call is served")
    func connectionPerCall() throws {
        let world = try LambdaWorld()
        for number in UInt64(1)...3 {
            let poller = try world.client()
            try poller.send(.get, LambdaWorld.next, "Connection: close\r\n\r\n")
            world.harness.expect(number == 1 ? .ready : .finished(Sample.id(number - 1)))
            try world.harness.invoke(Sample.direct(number, "1"))
            let event = try poller.response()
            #expect(event.fields["Connection"] == "close")
            #expect(try poller.isClosed())
            let answerer = try world.client()
            try answerer.post(LambdaWorld.response(number), "x", fields: "Connection: close\r\n")
            #expect(try answerer.response().status == 202)
            #expect(try answerer.isClosed())
            world.harness.expect(.result(Sample.id(number), "x"))
        }
    }

    @Test("The runtime's name is logged once")
    func identified() throws {
        let world = try LambdaWorld()
        let client = try world.client()
        try client.send(.get, LambdaWorld.next, "User-Agent: aws-lambda-python/3.11.7-4.2.2 x\r\n\r\n")
        world.harness.expect(.event("runtime aws-lambda-python/3.11.7-4.2.2"), .ready)
    }

    @Test("A request that breaks HTTP's rules is refused, and its connection closed")
    func malformed() throws {
        let world = try LambdaWorld()
        let client = try world.client()
        try client.send(.post, LambdaWorld.next, "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
        let answer = try client.response()
        #expect(answer.status == 400)
        #expect(answer.fields["Content-Type"] == "application/json")
        #expect(try client.isClosed())
        world.harness.expect(.event("malformed contentLengthWithTransferEncoding"))
    }

    @Test("Closing the channel closes the connections, and nobody is told anything any more")
    func close() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.direct(1, "1"))
        try world.harness.close()
        #expect(try client.isClosed())
        #expect(throws: (any Error).self) { try world.client() }
        try world.harness.expectQuiet()
    }

    @Test(
        "The neighbours of the Runtime API answer too",
        arguments: [
            (HTTPMethod.get, "/ping", 200, "pong"),
            (.get, "/2018-06-01/runtime/restore/next", 200, LambdaWorld.ok),
            (.post, "/2018-06-01/runtime/restore/error", 202, LambdaWorld.ok),
            (
                .put, "/2020-08-15/logs", 202,
                #"{"errorMessage":"Logs API is not supported","errorType":"Logs.NotSupported"}"#
            ),
            (
                .put, "/2022-07-01/telemetry", 202,
                #"{"errorMessage":"Telemetry API is not supported","errorType":"Telemetry.NotSupported"}"#
            ),
            (
                .get, "/2018-06-01/other", 404,
                #"{"errorMessage":"The Runtime API has no such endpoint","errorType":"UnknownEndpoint"}"#
            ),
            (
                .post, LambdaWorld.next, 405,
                #"{"errorMessage":"The endpoint does not take this method","errorType":"MethodNotAllowed"}"#
            ),
            (
                .post, "/2020-01-01/extension/register", 403,
                #"{"errorMessage":"Lambda-Extension-Name is missing","errorType":"Extension.InvalidExtensionName"}"#
            ),
            (
                .get, "/2020-01-01/extension/event/next", 403,
                #"{"errorMessage":"Lambda-Extension-Identifier is missing or unknown","errorType":"Extension.UnknownExtensionIdentifier"}"#
            ),
        ])
    func neighbours(_ method: HTTPMethod, _ path: String, _ status: Int, _ body: String) throws {
        let client = try LambdaWorld().client()
        let answer = try client.exchange(method, path)
        #expect(answer.status == status)
        #expect(answer.body == body)
    }

    @Test("An extension registers, and then waits without an answer while invocations go on")
    func extensions() throws {
        let world = try LambdaWorld()
        let helper = try world.client()
        let registered = try helper.exchange(
            post: "/2020-01-01/extension/register", #"{"events":[]}"#, fields: "Lambda-Extension-Name: helper\r\n")
        #expect(registered.status == 200)
        #expect(
            registered.body
                == #"{"functionName":"hello","functionVersion":"$LATEST","handler":"app.handle","accountId":"000000000000"}"#
        )
        world.harness.expect(.event("extension helper"))
        let identifier = try #require(registered.fields["Lambda-Extension-Identifier"])
        #expect(InvocationID(identifier) != nil)
        try helper.send(
            .get, "/2020-01-01/extension/event/next", "Lambda-Extension-Identifier: \(identifier)\r\n\r\n")
        let client = try world.running(Sample.direct(1, "1"))
        #expect(try client.exchange(post: LambdaWorld.response(1), "x").status == 202)
        world.harness.expect(.result(Sample.id(1), "x"))
    }
}
