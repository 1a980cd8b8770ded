import AdminModel
import Foundation
import TestSupport
import Testing

extension Integration {
    /// Batches in the shape of an SQS queue, for a handler as people have it.
    @Suite(
        "Batches of events",
        .controller(.with("--spares", "1")) { functions in
            try await Handlers.compile("runtime_client.c", to: "\(functions.path)/../bootstrap")
            // A Runtime API client in Python without any library: fails the second message of each batch, once.
            try functions.directory(
                "batcher",
                [
                    "function.yaml": """
                    contract: lambda
                    command: [python3, client.py]
                    workers: {max: 1}
                    async: {backoff: {base: 100ms, max: 500ms}}
                    triggers:
                      - topic: {name: clicks, batch: 5, window: 1s}
                    """,
                    "client.py": """
                    import json, os, urllib.request
                    api = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
                    def handle(event):
                        records = event["Records"]
                        for r in records:
                            print("got", r["body"], "receive", r["attributes"]["ApproximateReceiveCount"],
                                  r["eventSource"], flush=True)
                        failed = [r["messageId"] for r in records
                                  if r["body"] == "bad" and r["attributes"]["ApproximateReceiveCount"] == "1"]
                        return {"batchItemFailures": [{"itemIdentifier": i} for i in failed]}
                    while True:
                        with urllib.request.urlopen(api + "next") as answer:
                            id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
                            event = json.load(answer)
                        body = json.dumps(handle(event)).encode()
                        urllib.request.urlopen(urllib.request.Request(api + id + "/response", data=body, method="POST"))
                    """,
                ])
        })
    struct EventBatches {
        @Test("Only the events that a handler names among batchItemFailures run again")
        func partial() async throws {
            let glo = try glo
            var ids: [String: String] = [:]
            for body in ["one", "bad", "three"] {
                let outcome = try await glo.glo("publish", "clicks", "-d", body, "-o", "json")
                #expect(outcome.code == 0, "\(outcome.text)")
                ids[body] = try JSONValue(outcome.output)["invocations"][0]["id"].string
            }
            var attempts: [String: Int] = [:]
            for (body, id) in ids {
                let answer = try await glo.http.send(
                    "GET", "/_/invocations/\(id)", headers: [(name: "Prefer", value: "wait=30")])
                let event = try JSONValue(answer.body)
                #expect(event["state"].string == "succeeded", "\(answer.text)")
                attempts[body] = event["attempts"].int
            }
            #expect(attempts == ["one": 1, "bad": 2, "three": 1])
            let logs = try await glo.glo("logs", "batcher")
            #expect(logs.text.contains("got bad receive 2 aws:sqs"))
            #expect(!logs.text.contains("got one receive 2"))
        }
    }
}
