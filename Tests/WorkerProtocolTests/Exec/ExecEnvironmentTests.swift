import FunctionModel
import HTTPCodec
import NIOCore
import Testing

@testable import WorkerProtocol

@Suite("The environment of a run")
struct ExecEnvironmentTests {
    private func environment(_ invocation: Invocation) throws -> [String] {
        var block = ByteAssembler()
        ExecEnvironment.write(invocation, context: try WorkerHarness.context(), into: &block)
        return Array(block.bytes).dropLast().split(separator: 0, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("A request is described by GLO_ and CGI/1.1 variables")
    func request() throws {
        let invocation = try Sample.http(
            1, .post, "/hello/7/a%20b", query: "x=1",
            fields: [
                ("Host", "example.org:8080"), ("X-My", "1"), ("x-my", "2"), ("Content-Type", "text/plain"),
                ("Content-Length", "4"), ("Proxy", "http://evil"), ("X_Under", "no"), ("Authorization", "Bearer t"),
            ], body: "body", route: "/hello/{user-id}/{rest+}",
            parameters: [(name: "user-id", value: "7"), (name: "rest", value: "a b")], traceParent: Sample.traceParent)
        #expect(
            try environment(invocation).dropFirst(5) == [
                "GLO_TRACEPARENT=\(Sample.traceParent)", "GLO_ROUTE=/hello/{user-id}/{rest+}", "GLO_PARAM_USER_ID=7",
                "GLO_PARAM_REST=a b", "GATEWAY_INTERFACE=CGI/1.1", "SERVER_SOFTWARE=glo", "SERVER_PROTOCOL=HTTP/1.1",
                "REQUEST_METHOD=POST", "SCRIPT_NAME=/hello", "PATH_INFO=/7/a b", "QUERY_STRING=x=1",
                "REMOTE_ADDR=192.0.2.7", "CONTENT_LENGTH=4", "SERVER_NAME=example.org", "SERVER_PORT=8080",
                "CONTENT_TYPE=text/plain", "HTTP_HOST=example.org:8080", "HTTP_X_MY=1, 2",
                "HTTP_AUTHORIZATION=Bearer t",
            ])
    }

    @Test("No request can set a variable that HTTP clients take for their proxy")
    func httpoxy() throws {
        let names = try environment(Sample.http(1, fields: [("PROXY", "x"), ("proxy", "y"), ("Pr_oxy", "z")]))
        #expect(!names.contains { $0.hasPrefix("HTTP_PR") })
    }

    @Test("A value with a NUL is left out")
    func nul() throws {
        let invocation = try Sample.http(
            1, .get, "/hello/a%00b", route: "/hello/{id}", parameters: [(name: "id", value: "a\0b")])
        let variables = try environment(invocation)
        #expect(!variables.contains { $0.hasPrefix("GLO_PARAM_") || $0.hasPrefix("PATH_INFO") })
    }

    @Test(
        "The route's literal beginning is the script, the rest the path's information",
        arguments: [
            ("/hello", "/hello", "/hello", ""), ("/hello/*", "/hello/a/b%2fc", "/hello", "/a/b/c"),
            ("/hello/*", "/hello", "/hello", ""), ("/hello/*", "/hello/", "/hello", "/"), ("/{x}", "/a", "", "/a"),
            ("/a/{x}/b", "/a/1/b", "/a", "/1/b"), ("/*", "/a/b", "", "/a/b"), ("/", "/", "/", ""),
        ])
    func paths(_ pattern: String, _ path: String, _ script: String, _ info: String) {
        let place = ScriptPath(pattern: pattern, path: path)
        #expect(place.script == script)
        #expect(place.info == info)
    }

    @Test(
        "IPv6 hosts keep their brackets",
        arguments: [("[::1]:8080", "[::1]", "8080"), ("[::1]", "[::1]", "80"), ("h", "h", "80")])
    func hosts(_ host: String, _ name: String, _ port: String) throws {
        let variables = try environment(Sample.http(1, fields: [("Host", host)]))
        #expect(variables.contains("SERVER_NAME=\(name)"))
        #expect(variables.contains("SERVER_PORT=\(port)"))
    }
}
