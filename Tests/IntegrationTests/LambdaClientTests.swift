import AdminModel
import Foundation
import TestSupport
import Testing

extension Integration {
    /// Python's own Runtime Interface Client, unchanged, from the package index.
    @Suite(
        "An unmodified Lambda client",
        .controller { functions in
            let home = "\(functions.path)/.."
            try await Program.check("/usr/bin/python3", ["-m", "venv", "\(home)/venv"])
            try functions.directory(
                "python",
                [
                    "app.py": """
                    import sys
                    print("loaded", file=sys.stderr)
                    def handler(event, context):
                        print("working on", context.aws_request_id)
                        if isinstance(event, dict) and event.get("fail"):
                            raise ValueError("as asked")
                        return {
                            "event": event, "id": context.aws_request_id, "name": context.function_name,
                            "arn": context.invoked_function_arn, "memory": context.memory_limit_in_mb,
                            "left": context.get_remaining_time_in_millis(),
                        }
                    """,
                    "function.yaml": """
                    contract: lambda
                    command: [/usr/bin/python3, -m, awslambdaric, app.handler]
                    payload: raw
                    environment: {PYTHONPATH: /var/task/packages}
                    """,
                ])
            // The container has the host's /usr and the function's own files, nothing else of the host.
            try await Program.check(
                "\(home)/venv/bin/python",
                [
                    "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target",
                    functions.file("python/packages"), "awslambdaric",
                ],
                environment: ["PIP_DISABLE_PIP_VERSION_CHECK": "1"])
            try await Program.check("chmod", ["-R", "go-w", functions.file("python")])
        })
    struct LambdaClient {
        @Test("A Python handler run by awslambdaric gets its events and context")
        func handler() async throws {
            try await glo.serves("python")
            #expect(try await glo.http.post("/python", "{}").status == 200)
            let first = try #require(try await glo.workers(of: "python").first)
            for number in 0..<3 {
                let answer = try await glo.http.post("/python", "{\"number\": \(number)}")
                #expect(answer.status == 200, "\(answer.text)")
                #expect(answer.json["event"]["number"].int == number)
                #expect(answer.json["id"].string == answer.invocation)
                #expect(answer.json["name"].string == "python")
                #expect(answer.json["memory"].string == "128")
                #expect((answer.json["left"].int ?? 0) > 10_000)
            }
            #expect(try await glo.workers(of: "python").contains { $0.id == first.id })
        }

        @Test("An exception is reported in Lambda's shape, and the worker lives on")
        func exception() async throws {
            try await glo.serves("python")
            let result = try await glo.glo("invoke", "python", "-d", #"{"fail": true}"#, "-o", "json")
            #expect(result.code == 1)
            #expect(try result.json["outcome"].string == "handler_failed")
            let error = try JSONValue(Array((result.json["payload"].string ?? "").utf8))
            #expect(error["errorType"].string == "ValueError")
            #expect(error["errorMessage"].string == "as asked")
            #expect(!error["stackTrace"].array.isEmpty)
            #expect(try await glo.http.post("/python", "[1]").json["event"].array.count == 1)
        }

        @Test("What the handler prints is in its log, with the invocation's id")
        func logs() async throws {
            try await glo.serves("python")
            let id = try #require(try await glo.http.post("/python", "1").invocation)
            try await eventually("the line is in the log") {
                let log = try await glo.glo("logs", "python", "-o", "json").text
                return log.split(separator: "\n").contains {
                    $0.contains("working on \(id)") && $0.contains("\"invocation\":\"\(id)\"")
                }
            }
        }
    }
}
