import FunctionModel
import HTTPCodec
import NIOCore
import Testing
import WorkerProtocol

@Suite("Streamed responses of Lambda clients are passed on as they come")
struct LambdaStreamingTests {
    private static let preludeType = "Content-Type: application/vnd.awslambda.http-integration-response\r\n"
    private static let streaming = "Lambda-Runtime-Function-Response-Mode: streaming\r\n"
    private static let chunked = "Transfer-Encoding: chunked\r\n\r\n"
    private static let nuls = String(repeating: "\0", count: 8)

    private func chunk(_ text: String) -> String { "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n" }

    @Test("The prelude becomes the head, whatever chunks it comes in", arguments: [true, false])
    func prelude(_ hasStreamingHeader: Bool) throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.http(1))
        let prelude =
            #"{"statusCode":201,"headers":{"X-A":"1","Content-Type":"text/plain","Content-Length":"9"},"cookies":["a=1","b=2"]}"#
        let mode = hasStreamingHeader ? Self.streaming : ""
        if hasStreamingHeader {
            // Node: prelude and NULs in chunks of their own.
            try client.send(.post, LambdaWorld.response(1), Self.preludeType + mode + Self.chunked + chunk(prelude))
            try client.socket.send(chunk("\0\0\0"))
            try client.socket.send(chunk("\0\0\0\0\0"))
            try client.socket.send(chunk("str"))
        } else {
            // Go: all at once, and without the header.
            try client.send(
                .post, LambdaWorld.response(1), Self.preludeType + Self.chunked + chunk(prelude + Self.nuls + "str"))
        }
        world.harness.expect(
            .head(Sample.id(1), 201, ["X-A=1", "Content-Type=text/plain", "set-cookie=a=1", "set-cookie=b=2"]),
            .chunk(Sample.id(1), "str"))
        try client.socket.send(chunk("eamed") + "0\r\n\r\n")
        world.harness.expect(.chunk(Sample.id(1), "eamed"), .end(Sample.id(1)))
        #expect(try client.response().status == 202)
    }

    @Test("Without a prelude the bytes are an octet stream, or of the type that was posted")
    func plain() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.http(1))
        try client.send(.post, LambdaWorld.response(1), Self.streaming + Self.chunked + chunk("a") + "0\r\n\r\n")
        world.harness.expect(
            .head(Sample.id(1), 200, ["content-type=application/octet-stream"]), .chunk(Sample.id(1), "a"),
            .end(Sample.id(1)))
        #expect(try client.response().status == 202)
    }

    @Test("Whoever calls for a stream gets the bytes as they come, of a handler that does not say that it streams too")
    func wanted() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.streamed(1))
        // What Go's client does with an io.Reader: chunks of unknown length, and no word of a mode.
        try client.send(
            .post, LambdaWorld.response(1), "Content-Type: application/octet-stream\r\n" + Self.chunked + chunk("one"))
        world.harness.expect(
            .head(Sample.id(1), 200, ["content-type=application/octet-stream"]), .chunk(Sample.id(1), "one"))
        try client.socket.send(chunk("two"))
        world.harness.expect(.chunk(Sample.id(1), "two"))
        try client.socket.send("0\r\n\r\n")
        world.harness.expect(.end(Sample.id(1)))
        #expect(try client.response().status == 202)
    }

    @Test("Whoever calls for a stream of a handler with nothing to say gets its empty result")
    func wantedOfNothing() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.streamed(1))
        try client.send(.post, LambdaWorld.response(1), "Content-Length: 0\r\n\r\n")
        world.harness.expect(.result(Sample.id(1), ""))
        #expect(try client.response().status == 202)
    }

    @Test("A wanted stream that breaks off is a failure, whether it had begun or not", arguments: [true, false])
    func wantedBreaksOff(_ hasBegun: Bool) throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.streamed(1))
        try client.send(.post, LambdaWorld.response(1), Self.chunked + (hasBegun ? chunk("a") : ""))
        if hasBegun {
            world.harness.expect(
                .head(Sample.id(1), 200, ["content-type=application/octet-stream"]), .chunk(Sample.id(1), "a"))
        }
        client.socket.close()
        guard case .failure(_, .invalidResponse, _) = world.harness.log.next() else {
            Issue.record("no failure")
            return
        }
    }

    @Test("Trailers that name an error break the stream off, with the decoded document")
    func trailers() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.http(1))
        // {"errorMessage":"x"} in Base64, and names in any case.
        try client.send(
            .post, LambdaWorld.response(1),
            Self.streaming + "Trailer: Lambda-Runtime-Function-Error-Type\r\n"
                + "Trailer: Lambda-Runtime-Function-Error-Body\r\n" + Self.chunked + chunk("a") + "0\r\n"
                + "lambda-runtime-function-error-type: Runtime.StreamError\r\n"
                + "LAMBDA-RUNTIME-FUNCTION-ERROR-BODY: eyJlcnJvck1lc3NhZ2UiOiJ4In0=\r\n\r\n")
        world.harness.expect(
            .head(Sample.id(1), 200, ["content-type=application/octet-stream"]), .chunk(Sample.id(1), "a"),
            .failure(Sample.id(1), .handlerFailed, payload: #"{"errorMessage":"x"}"#))
        #expect(try client.response().status == 202)
    }

    @Test("A trailer's body that is no Base64 is tolerated")
    func badBase64() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.http(1))
        try client.send(
            .post, LambdaWorld.response(1),
            Self.chunked + "0\r\nLambda-Runtime-Function-Error-Type: E\r\n"
                + "Lambda-Runtime-Function-Error-Body: Requires base64\r\n\r\n")
        world.harness.expect(
            .failure(
                Sample.id(1), .handlerFailed,
                payload: #"{"errorType":"E","errorMessage":"The handler failed while it streamed"}"#))
    }

    @Test("Any other response mode is refused and fails the invocation")
    func invalidMode() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.http(1))
        let answer = try client.exchange(
            post: LambdaWorld.response(1), "x", fields: "Lambda-Runtime-Function-Response-Mode: fast\r\n")
        #expect(answer.status == 400)
        #expect(answer.body.contains("InvalidFunctionResponseMode"))
        guard case .failure(_, .invalidResponse, let payload) = world.harness.log.next() else {
            Issue.record("no failure")
            return
        }
        #expect(payload?.contains("Runtime.InvalidResponseModeHeader") == true)
    }

    @Test(
        "A prelude that makes no sense fails the invocation, and the worker lives on",
        arguments: [
            "{", "[]", #"{"statusCode":"x"}"#, #"{"statusCode":99}"#, #"{"headers":{"a b":"1"}}"#,
            #"{"headers":{"a":"1\r\nb: 2"}}"#, #"{"headers":[]}"#, #"{"cookies":[{}]}"#,
        ])
    func invalidPrelude(_ prelude: String) throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.http(1))
        let answer = try client.exchange(
            post: LambdaWorld.response(1), prelude + Self.nuls + "body", fields: Self.preludeType)
        #expect(answer.status == 202)
        guard case .failure(_, .invalidResponse, _) = world.harness.log.next() else {
            Issue.record("no failure")
            return
        }
        try client.send(.get, LambdaWorld.next)
        world.harness.expect(.finished(Sample.id(1)))
    }

    @Test("A connection that ends in the middle of an answer fails the invocation", arguments: [true, false])
    func truncated(_ isStreamed: Bool) throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.http(1))
        try client.send(
            .post, LambdaWorld.response(1), (isStreamed ? Self.streaming : "") + Self.chunked + chunk("a"))
        if isStreamed {
            world.harness.expect(
                .head(Sample.id(1), 200, ["content-type=application/octet-stream"]), .chunk(Sample.id(1), "a"))
        }
        client.socket.close()
        guard case .failure(_, .invalidResponse, let payload) = world.harness.log.next() else {
            Issue.record("no failure")
            return
        }
        #expect(payload?.contains("Runtime.TruncatedResponse") == true)
        let next = try world.client()
        try next.send(.get, LambdaWorld.next)
        world.harness.expect(.finished(Sample.id(1)))
    }

    @Test("A client that only stops sending is told that its request was truncated")
    func halfClosed() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.http(1))
        try client.send(.post, LambdaWorld.response(1), Self.chunked + chunk("a"))
        client.socket.finishSending()
        let answer = try client.response()
        #expect(answer.status == 400)
        #expect(answer.body.contains("TruncatedHTTPRequest"))
        guard case .failure(_, .invalidResponse, _) = world.harness.log.next() else {
            Issue.record("no failure")
            return
        }
    }

    @Test("A paused stream is read on when it is resumed")
    func backpressure() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.http(1))
        try client.send(.post, LambdaWorld.response(1), Self.streaming + Self.chunked + chunk("a"))
        world.harness.expect(
            .head(Sample.id(1), 200, ["content-type=application/octet-stream"]), .chunk(Sample.id(1), "a"))
        let id = Sample.id(1)
        try world.harness.onLoop { $0.pauseReading(id) }
        try client.socket.send(chunk("b") + "0\r\n\r\n")
        // What was on its way when the pause came may still arrive; nothing does afterwards.
        try world.harness.onLoop { $0.resumeReading(id) }
        world.harness.expect(.chunk(Sample.id(1), "b"), .end(Sample.id(1)))
        #expect(try client.response().status == 202)
    }
}
