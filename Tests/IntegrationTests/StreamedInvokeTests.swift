import TestSupport
import Testing

extension Integration {
    /// Streams that the caller asks for and the handler does not speak of.
    @Suite(
        "The mode of the invocation decides whether its answer is streamed",
        .controller(LambdaAPI.options) { functions in
            try functions.directory(
                "reader",
                [
                    // What Go's client sends for an io.Reader: chunks as they are read, a type, and no mode.
                    "bootstrap": """
                    #!/usr/bin/python3
                    import http.client, json, os, time
                    api = os.environ["AWS_LAMBDA_RUNTIME_API"]
                    base = "/2018-06-01/runtime/invocation/"
                    connection = http.client.HTTPConnection(api)
                    while True:
                        connection.request("GET", base + "next")
                        answer = connection.getresponse()
                        event = json.loads(answer.read() or b"{}")
                        id = answer.getheader("Lambda-Runtime-Aws-Request-Id")
                        connection.putrequest("POST", base + id + "/response")
                        connection.putheader("Content-Type", "application/octet-stream")
                        connection.putheader("Transfer-Encoding", "chunked")
                        connection.endheaders()
                        for line in range(event.get("lines", 6)):
                            text = b"line %d\\n" % line
                            connection.send(b"%x\\r\\n%s\\r\\n" % (len(text), text))
                            time.sleep(0.2)
                        connection.send(b"0\\r\\n\\r\\n")
                        connection.getresponse().read()
                    """,
                    "function.yaml": "contract: lambda\ncommand: [./bootstrap]\n",
                ])
        })
    struct StreamedInvokes {
        @Test("InvokeWithResponseStream passes on what a reader gives as it comes; Invoke gives it whole")
        func reader() async throws {
            let told = try await LambdaAPI.boto3(
                glo,
                """
                invoke("reader", b'{"lines":1}')
                began = time.time()
                answer = client.invoke_with_response_stream(FunctionName="reader", Payload=b"{}")
                parts, times, end = [], [], None
                for event in answer["EventStream"]:
                    if "PayloadChunk" in event:
                        parts.append(event["PayloadChunk"]["Payload"].decode())
                        times.append(time.time() - began)
                    if "InvokeComplete" in event: end = event["InvokeComplete"]
                whole = invoke("reader", b'{"lines":2}')["payload"]
                tell({"parts": parts, "first": int(times[0] * 1000), "last": int(times[-1] * 1000), "end": end, "whole": whole})
                """)
            #expect(told["parts"].array.map(\.string) == (0..<6).map { "line \($0)\n" })
            #expect((told["first"].int ?? 9_000) < 500)
            #expect((told["last"].int ?? 0) > 900)
            #expect(told["end"] == .object([:]))
            #expect(told["whole"].string == "line 0\nline 1\n")
        }
    }
}
