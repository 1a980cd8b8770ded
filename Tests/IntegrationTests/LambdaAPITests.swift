import AdminModel
import Foundation
import TestSupport
import Testing

extension Integration {
    @Suite(
        "AWS's clients",
        .controller(LambdaAPI.options) { functions in
            let manifest = "contract: lambda\ntimeout: 5s\n"
            try functions.script("echo", LambdaAPI.handler, manifest: manifest)
            try functions.script("single", LambdaAPI.handler, manifest: manifest + "workers: {max: 1, queue: 1}")
            try functions.script("brief", LambdaAPI.handler, manifest: "contract: lambda\ntimeout: 1s")
            try functions.write("cat", "#!/bin/sh\ncat\n")
            try functions.write("seven", "#!/bin/sh\nexit 7\n")
            try functions.script(
                "line", "#!/usr/bin/python3\n" + Handlers.stdio, manifest: "contract: stdio")
            try functions.server("web", saying: "hello")
        })
    struct LambdaInvoke {
        @Test("boto3 invokes a function by its name, by its ARN and with a qualifier")
        func names() async throws {
            let told = try await LambdaAPI.boto3(
                glo,
                """
                arn = "arn:aws:lambda:eu-north-1:000000000000:function:echo"
                tell([
                    invoke("echo", b'{"a":1}'), invoke(arn, b'[1]'), invoke("echo:$LATEST", b'null'),
                    invoke("echo", b'"x"', Qualifier="$LATEST"), invoke("000000000000:function:echo"),
                ])
                """)
            #expect(told.array.map { $0["payload"].string } == [#"{"a":1}"#, "[1]", "null", #""x""#, "{}"])
            #expect(told.array.allSatisfy { $0["status"].int == 200 && $0["version"].string == "$LATEST" })
            #expect(told.array.allSatisfy { $0["error"] == .null })
        }

        @Test("Refusals are the exceptions of Lambda's model")
        func refusals() async throws {
            let told = try await LambdaAPI.boto3(
                glo,
                """
                def call(name, payload=b"{}", **rest):
                    return failure(client.invoke, FunctionName=name, Payload=payload, **rest)
                tell([
                    call("missing"), call("missing", Qualifier="$LATEST"), call("echo", b"{bad"), call("echo", b'"\\xff"'),
                    call("echo", b'"' + b"x" * 7_000_000 + b'"'),
                    call("echo", b'"' + b"x" * 1_200_000 + b'"', InvocationType="Event"),
                    call("echo:1", Qualifier="$LATEST"), call("echo", Qualifier="nobody"),
                ])
                """)
            let arn = "arn:aws:lambda:us-east-1:000000000000:function:"
            #expect(told[0]["class"].string == "ResourceNotFoundException")
            #expect(told[0]["status"].int == 404)
            #expect(told[0]["message"].string == "Function not found: \(arn)missing")
            #expect(told[1]["message"].string == "Function not found: \(arn)missing:$LATEST")
            for index in [2, 3] {
                #expect(told[index]["class"].string == "InvalidRequestContentException")
                #expect(told[index]["status"].int == 400)
            }
            for index in [4, 5] {
                #expect(told[index]["class"].string == "RequestTooLargeException")
                #expect(told[index]["status"].int == 413)
            }
            #expect(
                told[4]["message"].string
                    == "Request must be smaller than 6291456 bytes for the InvokeFunction operation")
            #expect(told[6]["class"].string == "InvalidParameterValueException")
            #expect(told[7]["class"].string == "ResourceNotFoundException")
        }

        @Test("A function that fails is answered with 200 and says so")
        func failures() async throws {
            let told = try await LambdaAPI.boto3(
                glo,
                """
                tell([
                    invoke("echo", b'{"fail":"as asked"}'), invoke("echo", b'{"exit":3}'), invoke("echo", b'{"exit":0}'),
                    invoke("brief", b'{"sleep":3}'), invoke("echo", b'{"nothing":1}'),
                    invoke("echo", b'{"size":6291557}'), invoke("seven"),
                ])
                """)
            func error(_ index: Int) throws -> JSONValue {
                #expect(told[index]["status"].int == 200)
                #expect(told[index]["error"].string == "Unhandled")
                return try JSONValue(Array((told[index]["payload"].string ?? "").utf8))
            }
            #expect(try error(0)["errorMessage"].string == "as asked")
            #expect(try error(1)["errorType"].string == "Runtime.ExitError")
            #expect(try error(1)["errorMessage"].string?.hasSuffix("exit status 3") == true)
            #expect(try error(2)["errorMessage"].string?.hasSuffix("without providing a reason") == true)
            #expect(try error(3)["errorType"].string == "Sandbox.Timedout")
            #expect(try error(3)["errorMessage"].string?.hasSuffix("Task timed out after 1.00 seconds") == true)
            #expect(told[4]["payload"].string == "null")
            #expect(told[4]["error"] == .null)
            #expect(try error(5)["errorType"].string == "Function.ResponseSizeTooLarge")
            #expect(try error(6)["errorMessage"].string?.contains("code 7") == true)
        }

        @Test("Functions of the other contracts are invoked too")
        func contracts() async throws {
            let told = try await LambdaAPI.boto3(
                glo, #"tell([invoke("cat", b'{"a": 1}'), invoke("line", b'{"b":2}'), invoke("web", b'{"c":3}')])"#)
            #expect(told[0]["payload"].string == #"{"a": 1}"#)
            let line = try JSONValue(Array((told[1]["payload"].string ?? "").utf8))
            #expect(line["event"]["b"].int == 2)
            #expect(told[2]["payload"].string == "hello POST / 7")
        }

        @Test("The handler gets the client's context, the tenant and the trace; the id is the answer's")
        func context() async throws {
            let told = try await LambdaAPI.boto3(
                glo,
                #"""
                context = base64.b64encode(json.dumps({"custom": {"k": "v\u00e6"}}, indent=1).encode()).decode()
                trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
                def add(request, **_): request.headers["X-Amzn-Trace-Id"] = trace
                client.meta.events.register("before-send.lambda", add)
                tell([
                    invoke("echo", b'{"context":1}', ClientContext=context, TenantId="blue"),
                    failure(client.invoke, FunctionName="echo", ClientContext="bm8="),
                ])
                """#)
            let seen = try JSONValue(Array((told[0]["payload"].string ?? "").utf8))
            #expect(seen["id"].string == told[0]["id"].string)
            #expect(seen["fields"]["lambda-runtime-client-context"].string == #"{"custom":{"k":"v\u00e6"}}"#)
            #expect(seen["fields"]["lambda-runtime-aws-tenant-id"].string == "blue")
            #expect(
                seen["fields"]["lambda-runtime-trace-id"].string
                    == "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1")
            #expect(told[1]["class"].string == "InvalidRequestContentException")
        }

        @Test("An event is accepted at once, is stored, and runs under the answer's id")
        func event() async throws {
            let told = try await LambdaAPI.boto3(
                glo,
                """
                invoke("echo")
                began = time.monotonic()
                answer = invoke("echo", b'{"sleep":1}', InvocationType="Event")
                answer["milliseconds"] = (time.monotonic() - began) * 1000
                large = invoke("echo", b'"' + b"x" * 900_000 + b'"', InvocationType="Event")
                dry = invoke("echo", InvocationType="DryRun")
                tell([answer, large, dry])
                """)
            #expect(told[0]["status"].int == 202)
            #expect(told[0]["payload"].string == "")
            #expect(told[0]["version"] == .null)
            #expect(told[1]["status"].int == 202)
            #expect(told[2]["status"].int == 204)
            let id = try #require(told[0]["id"].string)
            try await eventually("the event has run") {
                let info = try? await glo.ask(AdminPath.invocation(id), as: EventInfo.self)
                return info?.summary.state == .succeeded
            }
        }

        @Test("The end of the log comes along when it is asked for")
        func tail() async throws {
            let told = try await LambdaAPI.boto3(
                glo,
                """
                tell([
                    invoke("echo", b'{"print":"from the handler"}', LogType="Tail"),
                    invoke("echo", json.dumps({"print": "x" * 9000}).encode(), LogType="Tail"),
                ])
                """)
            let (log, id) = (told[0]["log"].string ?? "", told[0]["id"].string ?? "")
            #expect(log.hasPrefix("START RequestId: \(id) Version: $LATEST\n"))
            #expect(log.contains("\nfrom the handler\n"))
            #expect(log.contains("\nEND RequestId: \(id)\nREPORT RequestId: \(id)\tDuration: "))
            #expect(log.contains("\tMemory Size: 128 MB\t"))
            #expect((told[1]["log"].string ?? "").utf8.count <= 4096)
        }

        @Test("A full function is an exception with a reason, which clients try again")
        func throttle() async throws {
            let told = try await LambdaAPI.boto3(
                glo,
                """
                import threading
                from botocore.config import Config
                client = boto3.client("lambda", config=Config(retries={"total_max_attempts": 1}))
                invoke("single")
                threads = [threading.Thread(target=lambda: invoke("single", b'{"sleep":1}')) for _ in range(2)]
                for thread in threads: thread.start()
                time.sleep(0.3)
                try:
                    invoke("single")
                    tell(None)
                except client.exceptions.TooManyRequestsException as error:
                    tell([error.response.get("Reason"), error.response["ResponseMetadata"]["HTTPStatusCode"],
                        error.response["ResponseMetadata"]["HTTPHeaders"].get("retry-after")])
                for thread in threads: thread.join()
                """)
            #expect(told[0].string == "ReservedFunctionConcurrentInvocationLimitExceeded")
            #expect(told[1].int == 429)
            #expect(told[2].string == "1")
        }
    }
}
