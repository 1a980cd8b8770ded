import FunctionModel
import HTTPCodec
import NIOCore
import Testing

@testable import WorkerProtocol

@Suite("Requests of REST routes become events of payload format 1.0")
struct RESTEventEncoderTests {
    private func event(
        _ method: HTTPMethod = .get, _ path: String = "/hello", query: String = "", fields: [(String, String)] = [],
        body: String = "", parameters: [(name: String, value: String)] = [], pattern: String = "/hello"
    ) -> HTTPEvent {
        HTTPEvent(
            head: HTTPRequestHead(method: method, path: path, query: query, fields: HTTPFields(fields)),
            body: ByteBuffer(string: body), sourceAddress: "192.0.2.7", routePattern: pattern,
            pathParameters: parameters, receivedAtMilliseconds: 1_583_348_638_390, format: .rest)
    }

    private func encode(_ event: HTTPEvent) throws -> String {
        let sample = try Sample.http(1)
        let invocation = Invocation(
            id: sample.id, function: sample.function, input: .http(event), receivedAt: sample.receivedAt,
            deadline: sample.deadline, deadlineUnixMilliseconds: 1, traceParent: Sample.traceParent)
        var json = ByteAssembler()
        LambdaEventEncoder(function: invocation.function).encode(event, of: invocation, into: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test("A whole event, byte for byte")
    func whole() throws {
        let event = event(
            .post, "/users/a%20b", query: "a=1&a=2&b=x%20y",
            fields: [
                ("Host", "hello.example.org:8080"), ("X-Two", "1"), ("x-two", "2"), ("User-Agent", "agent \"1\""),
                ("Content-Type", "application/json"), ("Content-Length", "8"),
            ], body: #"{"x":"y"}"#, parameters: [(name: "id", value: "a b")], pattern: "/users/{id}")
        let trace = "Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled=1"
        #expect(
            try encode(event)
                == #"{"version":"1.0","resource":"/users/{id}","path":"/users/a%20b","httpMethod":"POST","headers":{"#
                + #""Host":"hello.example.org:8080","X-Two":"2","User-Agent":"agent \"1\"","#
                + #""Content-Type":"application/json","Content-Length":"8","X-Amzn-Trace-Id":"\#(trace)"},"#
                + #""multiValueHeaders":{"Host":["hello.example.org:8080"],"X-Two":["1","2"],"#
                + #""User-Agent":["agent \"1\""],"Content-Type":["application/json"],"Content-Length":["8"],"#
                + #""X-Amzn-Trace-Id":["\#(trace)"]},"queryStringParameters":{"a":"2","b":"x y"},"#
                + #""multiValueQueryStringParameters":{"a":["1","2"],"b":["x y"]},"pathParameters":{"id":"a b"},"#
                + #""stageVariables":null,"requestContext":{"accountId":"anonymous","apiId":"hello","authorizer":null,"#
                + #""domainName":"hello.example.org","domainPrefix":"hello","#
                + #""extendedRequestId":"11111111-2222-4333-8444-000000000001","httpMethod":"POST","identity":{"#
                + #""accessKey":null,"accountId":null,"caller":null,"cognitoAuthenticationProvider":null,"#
                + #""cognitoAuthenticationType":null,"cognitoIdentityId":null,"cognitoIdentityPoolId":null,"#
                + #""sourceIp":"192.0.2.7","user":null,"userAgent":"agent \"1\"","userArn":null},"#
                + #""path":"/users/a%20b","protocol":"HTTP/1.1","requestId":"11111111-2222-4333-8444-000000000001","#
                + #""requestTime":"04/Mar/2020:19:03:58 +0000","requestTimeEpoch":1583348638390,"#
                + #""resourceId":"/users/{id}","resourcePath":"/users/{id}","stage":"$default"},"#
                + #""body":"{\"x\":\"y\"}","isBase64Encoded":false}"#)
    }

    @Test("What a request does not have is null")
    func nothing() throws {
        let text = try encode(event())
        for member in [
            #""queryStringParameters":null"#, #""multiValueQueryStringParameters":null"#, #""pathParameters":null"#,
            #""stageVariables":null"#, #""body":null,"isBase64Encoded":false}"#,
        ] {
            #expect(text.contains(member), "\(text)")
        }
    }

    @Test("Every event is one JSON document")
    func isJSON() throws {
        for event in [
            event(), event(query: "&&=&a&%ff=%zz"), event(fields: [("A", ""), ("a", "\""), ("A", "ä")]),
            event(.post, body: "\u{0}\n", parameters: [(name: "a", value: "\"")]),
            event(.post, fields: [("Content-Type", "image/png")], body: "x"),
        ] {
            let text = try encode(event)
            var reader = JSONReader(Array(text.utf8))
            _ = try reader.scalar()
            try reader.end()
            #expect(!text.contains("\n"))
        }
    }

    @Test("Bytes are Base64, and a length that was not said is added")
    func bytes() throws {
        let text = try encode(event(.post, fields: [("Content-Type", "image/png")], body: "hi"))
        #expect(text.contains(#""Content-Length":"2""#) && text.contains(#""Content-Length":["2"]"#))
        #expect(text.hasSuffix(#""body":"aGk=","isBase64Encoded":true}"#))
    }

    @Test("What the gateway found out about the sender is the context's authorizer")
    func authorizer() throws {
        let text = try encode(event(fields: [("Glo-Authorizer", #"{"key":{"name":"a"}}"#)]))
        #expect(text.contains(#""authorizer":{"key":{"name":"a"}}"#))
    }
}
