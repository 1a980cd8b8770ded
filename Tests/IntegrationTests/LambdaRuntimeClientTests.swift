import Foundation
import TestSupport
import Testing

extension Integration {
    /// Python's Runtime Interface Client with what it and Glo say to each other, and loud handlers.
    @Suite(
        "What an unmodified Lambda client says and hears",
        .controller(LambdaAPI.options) { functions in
            let packages = try await RuntimeFixtures.awslambdaric()
            let draft = FunctionsDirectory(path: "\(functions.path)/../drafts")
            try FileManager.default.createDirectory(atPath: draft.path, withIntermediateDirectories: true)
            let environment = "environment: {PYTHONPATH: /var/task/packages}\npayload: raw\n"
            try draft.directory(
                "captured",
                [
                    "app.py": """
                    def handler(event, context):
                        if event.get("fail"): raise ValueError("as asked")
                        return event
                    """,
                    "runtime_capture.py": try RuntimeFixtures.source("runtime_capture.py"),
                    "function.yaml":
                        "contract: lambda\ncommand: [/usr/bin/python3, runtime_capture.py]\nmemory: 256Mi\n"
                        + "async: {attempts: 2, backoff: {base: 1ms, max: 1ms}}\n" + environment,
                ])
            try draft.directory(
                "loud",
                [
                    "app.py": """
                    def handler(event, context):
                        for number in range(event["lines"]): print(f"line {number} " + "x" * 1000)
                        return event["lines"]
                    """,
                    "function.yaml": "contract: lambda\ncommand: [/usr/bin/python3, -m, awslambdaric, app.handler]\n"
                        + environment,
                ])
            for name in ["captured", "loud"] {
                try FileManager.default.copyItem(atPath: packages, toPath: draft.file("\(name)/packages"))
                try functions.move(draft.file(name), to: name)
            }
        })
    struct CapturedClient {
        @Test("Each attempt has an id of its own, which the client gives back; the request's id stays")
        func attempts() async throws {
            try await glo.serves("captured")
            let id = try #require(
                try await LambdaAPI.boto3(
                    glo,
                    """
                    answer = client.invoke(FunctionName="captured", InvocationType="Event", Payload=b'{"fail": true}')
                    tell(answer["ResponseMetadata"]["RequestId"])
                    """
                ).string)
            try await eventually("both attempts were answered") { try await Self.told("sent").count == 2 }
            let (got, sent) = (try await Self.told("got"), try await Self.told("sent"))
            #expect(sent == Array(got.prefix(2)))
            #expect(Set(got).count == got.count)
            let requests = try await Self.told("got", "lambda-runtime-aws-request-id")
            #expect(requests.prefix(2) == [id, id])
        }

        private static func told(_ word: String, _ name: String = "lambda-runtime-invocation-id") async throws
            -> [String]
        {
            let log = try await glo.glo("logs", "captured", "-n", "1000").text
            return log.split(separator: "\n").compactMap { line in
                guard let start = line.firstRange(of: "capture \(word) \(name) ") else { return nil }
                return String(line[start.upperBound...])
            }
        }

        @Test("20 MB of output hold nobody up, are cut on disk, and the lines that are kept carry the id")
        func loud() async throws {
            let glo = try glo
            try await glo.serves("loud")
            let answer = try await glo.http.post("/loud", #"{"lines": 20000}"#)
            #expect(answer.text == "20000")
            #expect(try await glo.http.post("/loud", #"{"lines": 1}"#).text == "1")
            let id = try #require(answer.invocation)
            try await eventually("a line is in the log with the id") {
                try await glo.glo("logs", "loud", "-o", "json", "-n", "1000").text.split(separator: "\n").contains {
                    $0.contains("\"invocation\":\"\(id)\"") && $0.contains("line ")
                }
            }
            let directory = "\(glo.state)/logs"
            let size = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasPrefix("loud.") }
                .reduce(0) {
                    try $0 + (FileManager.default.attributesOfItem(atPath: "\(directory)/\($1)")[.size] as? Int ?? 0)
                }
            #expect(size < 16 << 20, "\(size)")
        }
    }

    /// A handler on Go's own HTTP stack, which chunks every body and declares trailers.
    @Suite(
        "A Go handler", .needs("go"),
        .controller(LambdaAPI.options) { functions in
            let directory = "\(functions.path)/../go"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try await Program.check(
                "go", ["build", "-o", "\(directory)/bootstrap", Handlers.path("runtime_client.go")],
                environment: ["CGO_ENABLED": "0", "GO111MODULE": "off", "GOCACHE": "\(directory)/cache"],
                directory: directory)
            try functions.directory(
                "golang",
                [
                    "function.yaml": """
                    command: [./bootstrap]
                    contract: lambda
                    triggers: [{http: {path: "/_url/golang/*", strip: true}}]
                    """,
                    "bootstrap": "#!/bin/sh\n",
                ])
            try FileManager.default.removeItem(atPath: functions.file("golang/bootstrap"))
            try FileManager.default.moveItem(
                atPath: "\(directory)/bootstrap", toPath: functions.file("golang/bootstrap"))
        })
    struct GoHandler {
        @Test("Results, errors and panics arrive; a panic costs the process")
        func invoke() async throws {
            try await glo.serves("golang")
            let told = try await LambdaAPI.boto3(
                glo,
                """
                first = invoke("golang", b'{"Do": "process"}')["payload"]
                answers = [invoke("golang", json.dumps({"Do": do}).encode()) for do in ["error", "process", "panic", "process"]]
                large = invoke("golang", json.dumps("x" * 3000000).encode())
                tell([first, [a["error"] for a in answers], [a["payload"] for a in answers], len(large["payload"])])
                """)
            #expect(told[1].array.map(\.string) == ["Unhandled", nil, "Unhandled", nil])
            #expect(told[2][0].string == #"{"errorMessage":"as asked","errorType":"errorString"}"#)
            #expect(told[2][1].string == told[0].string)
            #expect(told[2][2].string?.contains(#""errorType":"string""#) == true)
            #expect(told[2][3].string != told[0].string)
            #expect(told[3].int == 3_000_002)
        }

        @Test("A response that is streamed without saying so has its status, fields, cookie and body")
        func streamed() async throws {
            try await glo.serves("golang")
            let answer = try await glo.http.get("/_url/golang/stream")
            #expect(answer.status == 203 && answer.text == "streamed")
            #expect(answer.field("x-go") == "yes" && answer.fields("Set-Cookie") == ["c=1"])
        }

        @Test("One that fails on its way is broken off, the trailers' error is told, and the next call is fine")
        func broken() async throws {
            let glo = try glo
            try await glo.serves("golang")
            await #expect(throws: (any Error).self) { try await glo.http.get("/_url/golang/broken") }
            #expect(try await glo.http.get("/_url/golang/stream").text == "streamed")
            try await eventually("the error is told") {
                try await glo.glo("logs", "golang", "-o", "json", "-n", "1000").text.contains("the reader failed")
            }
        }
    }
}
