import FunctionModel
import HTTPCodec
import NIOCore
import Testing

@testable import WorkerProtocol

@Suite("Requests become events of payload format 2.0")
struct LambdaEventEncoderTests {
    private func encode(_ invocation: Invocation) throws -> String {
        guard case .http(let event) = invocation.input else { return "" }
        var json = ByteAssembler()
        LambdaEventEncoder(function: invocation.function).encode(event, of: invocation, into: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// The text of a member, as it is written.
    private func member(_ path: String..., of invocation: Invocation) throws -> String? {
        var value = Array(try encode(invocation).utf8)[...]
        for name in path {
            var found: ArraySlice<UInt8>?
            var reader = JSONReader(Array(value))
            try reader.object { (reader, member) throws(JSONError) in
                let raw = try reader.rawValue()
                if member == name { found = raw }
            }
            try reader.end()
            guard let found else { return nil }
            value = found
        }
        return String(decoding: value, as: UTF8.self)
    }

    @Test("A whole event, byte for byte")
    func whole() throws {
        let invocation = try Sample.http(
            1, .post, "/my/path", query: "a=1&a=2&b=x%20y",
            fields: [
                ("Host", "hello.example.org:8080"), ("Header2", "v1"), ("header2", "v2"), ("Cookie", "c1=v1; c2=v2"),
                ("User-Agent", "agent \"1\""), ("Content-Type", "application/json"), ("Content-Length", "8"),
            ], body: #"{"x":"y"}"#, traceParent: Sample.traceParent)
        #expect(
            try encode(invocation)
                == #"{"version":"2.0","routeKey":"$default","rawPath":"/my/path","rawQueryString":"a=1&a=2&b=x%20y","#
                + #""cookies":["c1=v1","c2=v2"],"headers":{"host":"hello.example.org:8080","header2":"v1,v2","#
                + #""cookie":"c1=v1; c2=v2","user-agent":"agent \"1\"","content-type":"application/json","#
                + #""content-length":"8","#
                + #""x-amzn-trace-id":"Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled=1"},"#
                + #""queryStringParameters":{"a":"1,2","b":"x y"},"requestContext":{"accountId":"anonymous","#
                + #""apiId":"hello","domainName":"hello.example.org","domainPrefix":"hello","http":{"method":"POST","#
                + #""path":"/my/path","protocol":"HTTP/1.1","sourceIp":"192.0.2.7","userAgent":"agent \"1\""},"#
                + #""requestId":"11111111-2222-4333-8444-000000000001","routeKey":"$default","stage":"$default","#
                + #""time":"04/Mar/2020:19:03:58 +0000","timeEpoch":1583348638390},"#
                + #""body":"{\"x\":\"y\"}","isBase64Encoded":false}"#)
    }

    @Test("What the gateway found out about the sender is the context's authorizer")
    func authorizer() throws {
        let json = #"{"jwt":{"claims":{"sub":"a"},"scopes":null}}"#
        let invocation = try Sample.http(1, fields: [("Glo-Authorizer", json)])
        #expect(try member("requestContext", "authorizer", of: invocation) == json)
        #expect(try member("requestContext", "authorizer", of: Sample.http(1, fields: [])) == nil)
    }

    @Test("The smallest event has no cookies, no query parameters and no body")
    func smallest() throws {
        let invocation = try Sample.http(1, fields: [])
        for name in ["cookies", "queryStringParameters", "body", "pathParameters"] {
            #expect(try member(name, of: invocation) == nil)
        }
        #expect(try member("rawQueryString", of: invocation) == #""""#)
        #expect(try member("headers", of: invocation) == "{}")
        #expect(try member("isBase64Encoded", of: invocation) == "false")
        #expect(try member("requestContext", "http", "userAgent", of: invocation) == #""""#)
    }

    @Test("The path stays as it was sent, even when its escapes make no sense")
    func path() throws {
        let invocation = try Sample.http(1, .get, "/pa2%Fth/1%20")
        #expect(try member("rawPath", of: invocation) == #""/pa2%Fth/1%20""#)
        #expect(try member("requestContext", "http", "path", of: invocation) == #""/pa2%Fth/1%20""#)
    }

    @Test(
        "Query parameters are decoded and joined",
        arguments: [
            ("a=1&a=2&b=x%20y+z", #"{"a":"1,2","b":"x y z"}"#), ("a", #"{"a":""}"#), ("a=", #"{"a":""}"#),
            ("=1", #"{"":"1"}"#), ("a=b=c", #"{"a":"b=c"}"#), ("a=%", #"{"a":"%"}"#), ("a=%zz", #"{"a":"%zz"}"#),
            ("a%3D=%22%5C%0a", #"{"a=":"\"\\\n"}"#), ("%C3%A5=%C3%A9", #"{"å":"é"}"#),
            ("a=%ff", "{\"a\":\"\u{FFFD}\"}"),
            ("a=%00", #"{"a":"\u0000"}"#), ("a=1&b=2&a=3&b=4", #"{"a":"1,3","b":"2,4"}"#),
        ])
    func query(_ query: String, _ expected: String) throws {
        #expect(try member("queryStringParameters", of: Sample.http(1, query: query)) == expected)
    }

    @Test("A query of empty parameters has none", arguments: ["&", "&&&"])
    func emptyQuery(_ query: String) throws {
        #expect(try member("queryStringParameters", of: Sample.http(1, query: query)) == nil)
    }

    @Test("Thousands of parameters cost no square of them")
    func manyParameters() throws {
        let query = (0..<4000).map { "p\($0 % 2000)=\($0)" }.joined(separator: "&")
        let value = try #require(try member("queryStringParameters", of: Sample.http(1, query: query)))
        #expect(value.hasPrefix(#"{"p0":"0,2000","p1":"1,2001""#))
    }

    @Test("Several cookie headers are one list, and stay among the headers")
    func cookies() throws {
        let invocation = try Sample.http(1, fields: [("Cookie", " a=1;; b=\"2\" ;"), ("cookie", "c")])
        #expect(try member("cookies", of: invocation) == #"["a=1","b=\"2\"","c"]"#)
        #expect(
            try member("headers", "cookie", of: invocation)
                == #""a=1;; b=\"2\" ;,c""#.replacing("\"a=1", with: "\" a=1"))
    }

    @Test("A header that is not UTF-8 is taken for Latin-1")
    func latin1() throws {
        var storage = ByteBuffer(string: "x-name")
        storage.writeBytes([0x42, 0xf8, 0x22, 0x09])
        let head = HTTPRequestHead(
            method: .get, path: "/",
            fields: HTTPFields(
                storage: storage,
                entries: [HTTPFields.Entry(nameStart: 0, nameLength: 6, valueStart: 6, valueLength: 4)]))
        let event = HTTPEvent(
            head: head, body: ByteBuffer(), sourceAddress: "::1", routePattern: "/", pathParameters: [],
            receivedAtMilliseconds: 0)
        let sample = try Sample.http(1)
        let invocation = Invocation(
            id: sample.id, function: sample.function, input: .http(event), receivedAt: sample.receivedAt,
            deadline: sample.deadline, deadlineUnixMilliseconds: 1)
        #expect(try member("headers", "x-name", of: invocation) == #""Bø\"\t""#)
        #expect(try member("requestContext", "time", of: invocation) == #""01/Jan/1970:00:00:00 +0000""#)
    }

    @Test(
        "Bodies are text when their type says so",
        arguments: [
            ("text/html; charset=utf-8", "", "hi", false), ("application/json", "", "{}", false),
            ("Application/Problem+JSON", "", "{}", false), ("application/xml", "", "<a/>", false),
            ("image/svg+xml", "", "<a/>", false), ("application/javascript", "", "1", false),
            ("application/x-www-form-urlencoded", "", "a=1", false), ("", "", "hi", false),
            ("application/octet-stream", "", "hi", true), ("multipart/form-data; boundary=x", "", "hi", true),
            ("image/png", "", "hi", true), ("application/json", "gzip", "{}", true),
            ("application/jsonp", "", "x", true),
        ])
    func bodies(_ type: String, _ encoding: String, _ body: String, _ isBase64: Bool) throws {
        var fields: [(String, String)] = []
        if !type.isEmpty { fields.append(("Content-Type", type)) }
        if !encoding.isEmpty { fields.append(("Content-Encoding", encoding)) }
        let invocation = try Sample.http(1, .post, fields: fields, body: body)
        #expect(try member("isBase64Encoded", of: invocation) == (isBase64 ? "true" : "false"))
    }

    @Test(
        "Bodies that are not UTF-8 become Base64",
        arguments: [
            ([0xff], "/w=="), ([0xc3, 0x28], "wyg="), ([0x61, 0x80], "YYA="), ([0xed, 0xa0, 0x80], "7aCA"),
            ([0xf4, 0x90, 0x80, 0x80], "9JCAgA=="), ([0xc0, 0x80], "wIA="), ([0xe2, 0x82], "4oI="),
        ])
    func invalidBodies(_ bytes: [UInt8], _ expected: String) throws {
        let sample = try Sample.http(1, .post, fields: [("Content-Type", "text/plain")])
        guard case .http(var event) = sample.input else { return }
        event.body = ByteBuffer(bytes: bytes)
        let invocation = Invocation(
            id: sample.id, function: sample.function, input: .http(event), receivedAt: sample.receivedAt,
            deadline: sample.deadline, deadlineUnixMilliseconds: 1)
        #expect(try member("body", of: invocation) == "\"\(expected)\"")
        #expect(try member("isBase64Encoded", of: invocation) == "true")
        #expect(try member("headers", "content-length", of: invocation) == "\"\(bytes.count)\"")
    }

    @Test("The values of a route's parameters arrive")
    func parameters() throws {
        let invocation = try Sample.http(
            1, .get, "/hello/7", route: "/hello/{id}", parameters: [(name: "id", value: "7\"é")])
        #expect(try member("pathParameters", of: invocation) == #"{"id":"7\"é"}"#)
    }

    @Test("Every byte of a string survives", arguments: [0, 1, 7, 8, 9])
    func escapes(_ offset: Int) throws {
        for scalar in (0..<0x180).compactMap(Unicode.Scalar.init) {
            let text = String(repeating: "x", count: offset) + String(scalar) + "0123456789"
            var json = ByteAssembler(capacity: 1)
            json.appendJSONString(text)
            var reader = JSONReader(Array(json.bytes))
            guard case .string(let read) = try reader.scalar() else {
                Issue.record("no string")
                return
            }
            #expect(read == text)
        }
    }

    @Test(
        "Dates are the calendar's",
        arguments: [
            (0, "01/Jan/1970:00:00:00 +0000"), (951_782_400_000, "29/Feb/2000:00:00:00 +0000"),
            (1_709_251_199_999, "29/Feb/2024:23:59:59 +0000"), (1_709_251_200_000, "01/Mar/2024:00:00:00 +0000"),
            (4_102_444_799_000, "31/Dec/2099:23:59:59 +0000"), (-5, "01/Jan/1970:00:00:00 +0000"),
        ])
    func dates(_ milliseconds: Int64, _ expected: String) {
        var text = ByteAssembler()
        EventTime.append(milliseconds: milliseconds, to: &text)
        #expect(String(decoding: text.bytes, as: UTF8.self) == expected)
    }

    @Test(
        "What is no traceparent has no trace id",
        arguments: [
            "", "x", "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319z-b7ad6b7169203331-01",
        ])
    func traces(_ text: String) { #expect(TraceID(traceParent: text) == nil) }
}
