import AdminModel
import Foundation
import TestSupport
import Testing

extension Integration {
    @Suite(
        "The contracts",
        .controller(.with("--spares", "4")) { functions in
            try await Handlers.compile("runtime_client.c", to: functions.file("client"))
            try await Handlers.compile("runtime_client.c", to: "\(functions.path)/../bootstrap")
            try functions.directory("broken", ["function.yaml": "environment: {MODE: init-error}\n"])
            try functions.copy("\(functions.path)/../bootstrap", to: "broken/bootstrap")
            try functions.server("web", saying: "web")
            try functions.script(
                "cgi",
                """
                #!/bin/bash
                case "$PATH_INFO" in
                */fail) echo "first line" >&2; echo "the last words" >&2; exit 3 ;;
                */killed) kill -9 $$ ;;
                */env) env | sort ;;
                *) cat; echo "seen by the operator" >&2 ;;
                esac
                """, manifest: "environment: {COLOUR: blue}")
            try functions.directory(
                "lines",
                [
                    "lines.py": Handlers.stdio,
                    "function.yaml":
                        "contract: stdio\ncommand: [python3, -u, lines.py]\npayload: raw\nworkers: {max: 1}\n",
                ])
        })
    struct Contracts {
        // MARK: lambda

        @Test("lambda: a client with chunked bodies and trailers is served, again and again on one connection")
        func chunked() async throws {
            #expect(try await glo.http.post("/client", "hello").text == "hello")
            let first = try #require(try await glo.workers(of: "client").first)
            for number in 0..<20 {
                let answer = try await glo.http.post("/client", "hello \(number)")
                #expect(answer.status == 200)
                #expect(answer.text == "hello \(number)")
            }
            // A client that breaks its connection is replaced. One that is slow to ask for more gets help.
            #expect(try await glo.workers(of: "client").contains { $0.id == first.id })
        }

        @Test("lambda: the handler is told the invocation's id, deadline and ARN")
        func facts() async throws {
            let answer = try await glo.http.post("/client", "facts")
            #expect(answer.json["id"].string == answer.invocation)
            #expect(answer.json["name"].string == "client")
            #expect(answer.json["arn"].string?.hasSuffix(":function:client") == true, "\(answer.text)")
            let deadline = try #require(answer.json["deadline"].string.flatMap(Double.init))
            let left = deadline / 1000 - Date().timeIntervalSince1970
            #expect(left > 20 && left <= 30, "\(left)")
        }

        @Test("lambda: a streamed response has the prelude's status, fields and cookies, and all its pieces")
        func streamed() async throws {
            let answer = try await glo.http.post("/client", "stream 200")
            #expect(answer.status == 201)
            #expect(answer.field("X-Made") == "by-stream")
            #expect(answer.field("Content-Type") == "text/plain")
            #expect(answer.fields("Set-Cookie") == ["a=1", "b=2"])
            #expect(answer.text == (0..<200).map { "piece \($0)\n" }.joined())
        }

        @Test(
            "lambda: a stream that fails or breaks off is no complete response",
            arguments: ["fail midway", "break off"])
        func brokenStream(command: String) async throws {
            // When the end comes before the head was sent there is still time for a 502; else the connection breaks off.
            let answer = try? await glo.http.post("/client", command)
            #expect(answer == nil || answer?.status == 502, "\(answer?.status ?? 0) \(answer?.text ?? "")")
            let next = try await glo.http.post("/client", "next")
            #expect(next.status == 200)
        }

        @Test("lambda: an error of the handler is a 502 handler_failed with the invocation's id")
        func error() async throws {
            let answer = try await glo.http.post("/client", "error")
            #expect(answer.status == 502)
            #expect(answer.code == "handler_failed")
            #expect(answer.field("Content-Type") == "application/problem+json")
            #expect(answer.json["invocation"].string == answer.invocation)
            let direct = try await glo.glo("invoke", "client", "-d", "error", "-o", "json").json
            #expect(direct["outcome"].string == "handler_failed")
            #expect(try JSONValue(Array((direct["payload"].string ?? "").utf8))["errorType"].string == "TestError")
        }

        @Test("lambda: an answer for another invocation is refused and harms nobody")
        func foreignAnswer() async throws {
            let answer = try await glo.http.post("/client", "foreign id")
            #expect(answer.status == 200)
            #expect(answer.text == "mine")
        }

        @Test("lambda: a handler that exits is a 502 that names the code, and is replaced")
        func exits() async throws {
            let answer = try await glo.http.post("/client", "exit 3")
            #expect(answer.status == 502)
            #expect(answer.code == "handler_exited")
            #expect(answer.detail.contains("exit status 3"), "\(answer.detail)")
            let killed = try await glo.http.post("/client", "kill")
            #expect(killed.code == "handler_exited")
            #expect(killed.detail.contains("killed"), "\(killed.detail)")
            #expect(try await glo.http.post("/client", "again").text == "again")
        }

        @Test(
            "lambda: an init error is a 502 handler_init_failed with the reason, and starts are not repeated without end"
        )
        func initError() async throws {
            let answer = try await glo.http.post("/broken", "x")
            #expect(answer.status == 502)
            #expect(answer.code == "handler_init_failed")
            let start = try glo.log.count
            for _ in 0..<10 {
                let next = try await glo.http.post("/broken", "x")
                #expect(next.status == 502)
                #expect(next.field("Retry-After") != nil)
            }
            let starts = try glo.log.lines.dropFirst(start).filter { $0.message == "A worker could not start" }
            #expect(starts.count <= 3)
        }

        // MARK: http

        @Test("http: method, path, query, body, status and fields pass through")
        func web() async throws {
            let answer = try await glo.http.send("PUT", "/web/a%20b?x=1&status=207", body: Array("12345".utf8))
            #expect(answer.status == 207)
            #expect(answer.text == "web PUT /web/a%20b?x=1&status=207 5")
            #expect(answer.field("X-From") == "python")
        }

        @Test("http: a body of megabytes goes through in both directions")
        func large() async throws {
            let sent = try await glo.http.send("POST", "/web", body: [UInt8](repeating: 1, count: 5 << 20))
            #expect(sent.text.hasSuffix(" \(5 << 20)"))
            let received = try await glo.http.get("/web?size=20000000")
            #expect(received.body.count == 20_000_000)
        }

        @Test("http: one worker serves as many at once as its concurrency")
        func concurrent() async throws {
            _ = try await glo.http.get("/web")
            let clock = ContinuousClock()
            let time = try await clock.measure {
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<8 { group.addTask { try await glo.http.get("/web?ms=500").status } }
                    for try await status in group { #expect(status == 200) }
                }
            }
            #expect(time < .seconds(3))
        }

        @Test("http: a server that exits in the middle of a request is a 502 that names the code, and is replaced")
        func webExit() async throws {
            let answer = try await glo.http.get("/web?exit=3")
            #expect(answer.status == 502)
            #expect(answer.code == "handler_exited")
            #expect(answer.detail.contains("3"), "\(answer.detail)")
            #expect(try await glo.http.get("/web").status == 200)
        }

        // MARK: exec

        @Test("exec: the body is on stdin, stdout is the body of the response")
        func exec() async throws {
            let answer = try await glo.http.post("/cgi/echo", "line 1\nline 2")
            #expect(answer.status == 200)
            #expect(answer.text == "line 1\nline 2")
        }

        @Test("exec: CGI variables, GLO variables and the manifest's environment are there, the controller's is not")
        func cgi() async throws {
            let answer = try await glo.http.send(
                "POST", "/cgi/env?a=b", body: [1, 2, 3], headers: [("Content-Type", "x/y"), ("X-Thing", "7")])
            let lines = Set(answer.text.split(separator: "\n").map(String.init))
            for line in [
                "REQUEST_METHOD=POST", "QUERY_STRING=a=b", "CONTENT_LENGTH=3", "CONTENT_TYPE=x/y", "HTTP_X_THING=7",
                "COLOUR=blue", "GLO_FUNCTION=cgi", "REMOTE_ADDR=127.0.0.1", "SERVER_PROTOCOL=HTTP/1.1",
                "GATEWAY_INTERFACE=CGI/1.1",
            ] { #expect(lines.contains(line), "\(line)") }
            #expect(!answer.text.contains("GLO_STATE"))
            #expect(answer.text.contains(answer.invocation ?? "no id"))
        }

        @Test("exec: an exit code is a 502 handler_failed with the code and the last lines of stderr")
        func execFails() async throws {
            let answer = try await glo.http.get("/cgi/fail")
            #expect(answer.status == 502)
            #expect(answer.code == "handler_failed")
            #expect(answer.detail.contains("3") && answer.detail.contains("the last words"), "\(answer.detail)")
        }

        @Test("exec: a handler that a signal ends is a 502, and the next call is answered by the same worker")
        func execKilled() async throws {
            let answer = try await glo.http.get("/cgi/killed")
            #expect(answer.status == 502)
            #expect(answer.detail.contains("killed") || answer.detail.contains("9"), "\(answer.detail)")
            #expect(try await glo.http.post("/cgi", "still here").text == "still here")
        }

        // MARK: stdio

        @Test("stdio: one worker keeps its state between calls")
        func stdio() async throws {
            let first = try await glo.http.post("/lines", "\"a\"")
            #expect(first.status == 200, "\(first.text)")
            let second = try await glo.http.post("/lines", "{\"b\": [1, 2]}")
            #expect(second.json["event"]["b"].array.count == 2)
            #expect(second.json["count"].int == (first.json["count"].int ?? 0) + 1)
        }

        @Test("stdio: a handler that exits is a 502 that names the code, and is replaced")
        func stdioExit() async throws {
            let answer = try await glo.http.post("/lines", "{\"body\": \"exit\"}")
            #expect(answer.status == 502)
            #expect(answer.code == "handler_exited")
            #expect(answer.detail.contains("3"), "\(answer.detail)")
            #expect(try await glo.http.post("/lines", "1").json["count"].int == 1)
        }
    }
}
