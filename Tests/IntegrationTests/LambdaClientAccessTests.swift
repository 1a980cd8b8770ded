import AdminModel
import Foundation
import TestSupport
import Testing

extension Integration {
    @Suite(
        "Who AWS's clients are, and what they do again",
        .controller(LambdaAPI.options) { functions in
            try functions.script(
                "echo", LambdaAPI.handler, manifest: "contract: lambda\ntimeout: 5s\nworkers: {max: 1}")
            try functions.write("cat", "#!/bin/sh\ncat\n")
        })
    struct LambdaAccess {
        @Test("A wrong secret, an unknown key, no signature and a wrong clock are refused by their names")
        func refused() async throws {
            let told = try await LambdaAPI.boto3(
                glo,
                """
                from botocore import UNSIGNED
                from botocore.config import Config
                import botocore.auth, datetime
                def call(**arguments):
                    return failure(boto3.client("lambda", **arguments).invoke, FunctionName="echo")
                id = os.environ["AWS_ACCESS_KEY_ID"]
                refusals = [
                    call(aws_access_key_id=id, aws_secret_access_key="wrong"),
                    call(aws_access_key_id="NOBODY", aws_secret_access_key="wrong"),
                    call(config=Config(signature_version=UNSIGNED)),
                ]
                late = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=20))
                botocore.auth.get_current_datetime = lambda *_, **__: late.replace(tzinfo=None)
                refusals.append(call())
                tell(refusals)
                """)
            #expect(
                told.array.map { $0["code"].string } == [
                    "InvalidSignatureException", "UnrecognizedClientException", "MissingAuthenticationTokenException",
                    "InvalidSignatureException",
                ])
            #expect(told.array.allSatisfy { $0["status"].int == 403 })
            #expect(told[3]["message"].string?.hasPrefix("Signature expired: ") == true)
        }

        @Test("curl's own signatures are accepted")
        func curl() async throws {
            let endpoint = try await LambdaAPI.endpoint(glo)
            for path in ["echo/invocations", "echo%3A%24LATEST/invocations", "echo/invocations?b=2&a=1"] {
                let answer = try await Program.check(
                    "curl",
                    [
                        "-sS", "--aws-sigv4", "aws:amz:us-east-1:lambda", "--user",
                        "\(LambdaAPI.keyID):\(LambdaAPI.secret)", "-d", "{\"n\":1}",
                        "\(endpoint)/2015-03-31/functions/\(path)",
                    ])
                #expect(answer.text == "{\"n\":1}", "\(path)")
            }
        }

        @Test("The bearer token opens both APIs, a signature too")
        func bearer() async throws {
            let http = HTTPClient(base: try await LambdaAPI.endpoint(glo))
            let header = [("Authorization", "Bearer \(LambdaAPI.token)")]
            let path = "/2015-03-31/functions/cat/invocations"
            #expect(try await http.send("POST", path, body: Array("[1]".utf8), headers: header).text == "[1]")
            #expect(try await http.send("GET", "/v1/status", headers: header).status == 200)
            #expect(try await http.send("GET", "/v1/status").status == 401)
            let answer = try await Program.check(
                "curl",
                [
                    "-sS", "--aws-sigv4", "aws:amz:us-east-1:lambda", "--user",
                    "\(LambdaAPI.keyID):\(LambdaAPI.secret)", "\(try await LambdaAPI.endpoint(glo))/v1/functions",
                ])
            #expect(try answer.json.array.count == 2)
        }

        @Test("A key that the command line makes is good at once, and bad at once when it is removed")
        func keys() async throws {
            let made = try await glo.glo("token", "create", "--aws", "--name", "ci", "-o", "json")
            let (id, secret) = try (made.json["id"].string ?? "", made.json["secret"].string ?? "")
            let endpoint = try await LambdaAPI.endpoint(glo)
            func call() async throws -> String {
                try await Program.check(
                    "curl",
                    [
                        "-sS", "--aws-sigv4", "aws:amz:us-east-1:lambda", "--user", "\(id):\(secret)", "-d", "[2]",
                        "\(endpoint)/2015-03-31/functions/cat/invocations",
                    ]
                ).text
            }
            #expect(try await call() == "[2]")
            let listed = try await glo.glo("token", "ls").text
            #expect(listed.contains(id) && listed.contains("ci") && !listed.contains(secret))
            #expect(try await glo.glo("token", "rm", id).code == 0)
            try await eventually("the key is bad", seconds: 2) { try await call().contains("security token") }
            #expect(try await glo.glo("token", "rm", id).code == 4)
        }

        @Test("A call that a proxy answered with 500 is tried again, and runs once")
        func retry() async throws {
            let told = try await LambdaAPI.boto3(
                glo,
                """
                import http.client, http.server, threading, urllib.parse
                target = urllib.parse.urlsplit(os.environ["AWS_ENDPOINT_URL"])
                seen = []
                class Proxy(http.server.BaseHTTPRequestHandler):
                    protocol_version = "HTTP/1.1"
                    def do_POST(self):
                        body = self.rfile.read(int(self.headers["Content-Length"]))
                        upstream = http.client.HTTPConnection(target.hostname, target.port)
                        upstream.putrequest("POST", self.path, skip_host=True, skip_accept_encoding=True)
                        for name, value in self.headers.items(): upstream.putheader(name, value)
                        upstream.endheaders(body)
                        answer = upstream.getresponse()
                        content = answer.read()
                        seen.append([self.headers["amz-sdk-invocation-id"], answer.headers["x-amzn-RequestId"]])
                        status = 500 if len(seen) == 1 else answer.status
                        if status == 500: content = b"{}"
                        self.send_response(status)
                        self.send_header("Content-Length", str(len(content)))
                        self.end_headers()
                        self.wfile.write(content)
                    def log_message(self, *_): pass
                server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
                threading.Thread(target=server.serve_forever, daemon=True).start()
                first = int(invoke("echo", b'{"count":1}')["payload"])
                through = boto3.client("lambda", endpoint_url="http://127.0.0.1:%d" % server.server_port)
                retried = json.load(through.invoke(FunctionName="echo", Payload=b'{"count":1}')["Payload"])
                last = int(invoke("echo", b'{"count":1}')["payload"])
                tell({"counts": [retried - first, last - first], "seen": seen})
                """)
            #expect(told["counts"].array.map(\.int) == [1, 2])
            #expect(told["seen"].array.count == 2)
            #expect(told["seen"][0] == told["seen"][1])
        }

        @Test("A call whose client gave up waiting is joined by its next try")
        func joined() async throws {
            let told = try await LambdaAPI.boto3(
                glo,
                """
                from botocore.config import Config
                first = int(invoke("echo", b'{"count":1}')["payload"])
                hasty = boto3.client("lambda", config=Config(read_timeout=1))
                answer = hasty.invoke(FunctionName="echo", Payload=b'{"sleep":1.5,"count":1}')
                count = json.load(answer["Payload"])
                tell([count - first, answer["ResponseMetadata"]["RetryAttempts"]])
                """)
            #expect(told[0].int == 1)
            #expect((told[1].int ?? 0) >= 1)
        }

        @Test("A response stream comes as events, from streaming and from other functions")
        func streams() async throws {
            let told = try await LambdaAPI.boto3(
                glo,
                """
                def stream(name, payload, **rest):
                    answer = client.invoke_with_response_stream(FunctionName=name, Payload=payload, **rest)
                    parts, end = [], None
                    for event in answer["EventStream"]:
                        if "PayloadChunk" in event: parts.append(event["PayloadChunk"]["Payload"].decode())
                        if "InvokeComplete" in event: end = event["InvokeComplete"]
                    return {"parts": len(parts), "text": "".join(parts), "end": end, "version": answer["ExecutedVersion"]}
                tell([
                    stream("echo", b'{"stream":5}'), stream("echo", b'{"a":1}'), stream("cat", b'[3]', LogType="Tail"),
                    stream("echo", b'{"fail":"as asked"}'), stream("echo", b'{"size":3000000}')["text"].__len__(),
                    failure(client.invoke_with_response_stream, FunctionName="missing"),
                ])
                """)
            #expect(told[0]["text"].string == "part 0;part 1;part 2;part 3;part 4;")
            #expect((told[0]["parts"].int ?? 0) > 1)
            #expect(told[0]["end"] == .object([:]))
            #expect(told[1]["text"].string == #"{"a":1}"#)
            #expect(told[2]["text"].string == "[3]")
            let log = Data(base64Encoded: told[2]["end"]["LogResult"].string ?? "") ?? Data()
            #expect(String(decoding: log, as: UTF8.self).contains("REPORT RequestId: "))
            #expect(told[3]["end"]["ErrorCode"].string == "Unhandled")
            #expect(told[3]["end"]["ErrorDetails"].string?.contains("as asked") == true)
            #expect(told[4].int == 3_000_000)
            #expect(told[5]["class"].string == "ResourceNotFoundException")
        }

        @Test("AWS's command line invokes a function")
        func awscli() async throws {
            let directory = try TemporaryDirectory()
            let endpoint = try await LambdaAPI.endpoint(glo)
            let outcome = try await Program.check(
                try await LambdaAPI.python(),
                [
                    "-m", "awscli", "lambda", "invoke", "--endpoint-url", endpoint, "--function-name", "echo",
                    "--payload", #"{"a":1}"#, "out.json",
                ], environment: LambdaAPI.environment(endpoint), directory: directory.path)
            #expect(try outcome.json["StatusCode"].int == 200)
            #expect(try String(contentsOfFile: "\(directory.path)/out.json", encoding: .utf8) == #"{"a":1}"#)
        }
    }
}
