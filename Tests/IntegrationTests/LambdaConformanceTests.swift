import Foundation
import TestSupport
import Testing

extension Integration {
    /// What boto3 sees of functions that begin slowly, cannot run, or bring a framework with them.
    @Suite("Functions as Lambda runs them", .controller(LambdaAPI.options) { _ in })
    struct LambdaConformance {
        private static let prelude = """
            import io, urllib.request, zipfile
            from botocore.config import Config
            ROLE = "arn:aws:iam::000000000000:role/any"
            once = boto3.client("lambda", config=Config(retries={"total_max_attempts": 1}))
            def create(name, code, directory=None, **more):
                buffer = io.BytesIO()
                with zipfile.ZipFile(buffer, "w") as zip:
                    zip.writestr("app.py", code)
                    for root, _, files in os.walk(directory) if directory else []:
                        for file in files:
                            path = os.path.join(root, file)
                            if not file.endswith(".pyc"): zip.write(path, os.path.relpath(path, directory))
                settings = dict(Runtime="python3.11", Handler="app.handler", Role=ROLE)
                settings.update(more)
                return client.create_function(FunctionName=name, Code={"ZipFile": buffer.getvalue()}, **settings)

            """

        private func boto3(_ script: String) async throws -> JSONValue {
            try await LambdaAPI.boto3(glo, Self.prelude + script)
        }

        @Test("Neither the start nor the initialization counts against the timeout, which begins with the run")
        func initialization() async throws {
            let told = try await boto3(
                """
                create("slow-start", '''
                import time
                time.sleep(3)
                def handler(event, context):
                    if event == "slow": time.sleep(5)
                    return context.get_remaining_time_in_millis()
                ''', Timeout=1)
                answer = once.invoke(FunctionName="slow-start", Payload=b"1")
                first = [answer.get("FunctionError"), json.loads(answer["Payload"].read())]
                late = once.invoke(FunctionName="slow-start", Payload=b'"slow"', LogType="Tail")
                create("slow-url", '''
                import time
                time.sleep(3)
                def handler(event, context): return "there"
                ''', Timeout=1)
                url = client.create_function_url_config(FunctionName="slow-url", AuthType="NONE")["FunctionUrl"]
                with urllib.request.urlopen(url) as answer: page = answer.read().decode()
                log = base64.b64decode(late["LogResult"]).decode()
                tell([first, json.loads(late["Payload"].read()), page, log])
                """)
            #expect(told[0][0] == .null && (700...1000).contains(told[0][1].int ?? 0), "\(told)")
            #expect(told[1]["errorType"].string == "Sandbox.Timedout")
            #expect(told[1]["errorMessage"].string?.hasSuffix("Task timed out after 1.00 seconds") == true)
            #expect(told[2].string == "there")
            #expect(told[3].string?.contains("Error: Task timed out after 1.00 seconds\nEND RequestId: ") == true)
        }

        @Test("A package whose handler is missing fails its calls as an import does; nothing else is done with it")
        func missingHandler() async throws {
            let told = try await boto3(
                """
                made = create("no-handler", "x = 1", Handler="nowhere.handler")
                answer = invoke("no-handler", b"1")
                tell([
                    made["State"], answer["status"], answer["error"], json.loads(answer["payload"]),
                    failure(once.invoke, FunctionName="no-handler", InvocationType="Event"),
                    failure(once.invoke, FunctionName="no-handler", Qualifier="7"),
                ])
                """)
            #expect(told[0].string == "Failed")
            #expect(told[1].int == 200 && told[2].string == "Unhandled")
            #expect(told[3]["errorType"].string == "Runtime.ImportModuleError")
            #expect(told[3]["errorMessage"].string?.contains("Unable to import module") == true)
            #expect(told[4]["class"].string == "ResourceConflictException" && told[4]["status"].int == 409)
            #expect(told[5]["class"].string == "ResourceNotFoundException")
        }

        @Test("A name that looks like a region may have an alias, and who names an alias is told its ARN")
        func aliases() async throws {
            let told = try await boto3(
                """
                create("my-job-1", '''
                def handler(event, context): return context.invoked_function_arn
                ''', Publish=True)
                client.create_alias(FunctionName="my-job-1", Name="live", FunctionVersion="1")
                tell([
                    invoke("my-job-1:live")["payload"],
                    client.get_function_configuration(FunctionName="my-job-1:live")["FunctionArn"],
                    [len(page["Aliases"]) for page in client.get_paginator("list_aliases").paginate(
                        FunctionName="my-job-1", PaginationConfig={"PageSize": 1})],
                ])
                client.get_waiter("published_version_active").wait(FunctionName="my-job-1", Qualifier="1")
                """)
            let arn = "arn:aws:lambda:us-east-1:000000000000:function:my-job-1:live"
            #expect(told[0].string == "\"\(arn)\"" && told[1].string == arn)
            #expect(told[2].array.compactMap(\.int) == [1])
        }

        @Test("Powertools for Python, packed into the archive, routes requests, processes batches and writes metrics")
        func powertools() async throws {
            let home = FileManager.default.temporaryDirectory.path + "/glo-powertools-\(UUID())"
            defer { try? FileManager.default.removeItem(atPath: home) }
            try await Program.check(
                try await LambdaAPI.python(),
                [
                    "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", home,
                    "aws-lambda-powertools",
                ])
            let told = try await boto3(
                """
                create("tools", '''
                from aws_lambda_powertools import Logger, Metrics
                from aws_lambda_powertools.event_handler import LambdaFunctionUrlResolver
                from aws_lambda_powertools.metrics import MetricUnit
                from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
                logger, metrics, app = Logger(service="s"), Metrics(namespace="n", service="s"), LambdaFunctionUrlResolver()
                processor = BatchProcessor(event_type=EventType.SQS)
                @app.get("/hello/<name>")
                def hello(name): return {"name": name, "q": app.current_event.get_query_string_value("q")}
                def record(record):
                    if "bad" in record.body: raise ValueError("bad")
                @logger.inject_lambda_context
                @metrics.log_metrics(capture_cold_start_metric=True)
                def handler(event, context):
                    metrics.add_metric(name="calls", unit=MetricUnit.Count, value=1)
                    logger.info("working")
                    if "Records" not in event: return app.resolve(event, context)
                    return process_partial_response(
                        event=event, record_handler=record, processor=processor, context=context)
                ''', "\(home)", MemorySize=256, Timeout=20)
                url = client.create_function_url_config(FunctionName="tools", AuthType="NONE")["FunctionUrl"]
                with urllib.request.urlopen(url + "hello/you?q=1") as answer: page = json.loads(answer.read())
                batch = {"Records": [
                    {"messageId": word, "body": word, "attributes": {}, "messageAttributes": {}, "receiptHandle": word,
                     "md5OfBody": "", "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:q",
                     "awsRegion": "us-east-1"} for word in ["good", "bad"]]}
                answer = invoke("tools", json.dumps(batch).encode(), LogType="Tail")
                tell([page, json.loads(answer["payload"]), answer["log"], answer["id"]])
                """)
            #expect(told[0]["name"].string == "you" && told[0]["q"].string == "1")
            #expect(told[1]["batchItemFailures"].array.map { $0["itemIdentifier"].string } == ["bad"])
            let log = told[2].string ?? ""
            #expect(log.contains("\"function_request_id\":\"\(told[3].string ?? "-")\""), "\(log)")
            #expect(log.contains("\"calls\":[1.0]"))
        }
    }
}
