import Foundation
import TestSupport
import Testing

extension Integration {
    /// What only the whole of the controller shows of queues, by boto3.
    @Suite("FIFO queues of functions, and clients that leave", .controller(LambdaAPI.options) { _ in })
    struct FIFOQueues {
        @Test("A function gets several of a group at once; behind one that failed all come again, in their order")
        func batches() async throws {
            let told = try await LambdaAPI.boto3(
                glo,
                """
                import io, time, zipfile
                code = '''
                seen, failed = [], []
                def handler(event, context):
                    if "seen" in event: return seen
                    seen.append([r["body"] for r in event["Records"]])
                    for r in event["Records"]:
                        if r["body"] == "m3" and not failed:
                            failed.append(1)
                            return {"batchItemFailures": [{"itemIdentifier": r["messageId"]}]}
                '''
                buffer = io.BytesIO()
                with zipfile.ZipFile(buffer, "w") as zip: zip.writestr("app.py", code)
                client.create_function(
                    FunctionName="1st", Runtime="python3.11", Handler="app.handler",
                    Role="arn:aws:iam::000000000000:role/any", Code={"ZipFile": buffer.getvalue()}, Publish=True)
                sqs = boto3.client("sqs")
                url = sqs.create_queue(QueueName="jobs.fifo", Attributes={
                    "FifoQueue": "true", "ContentBasedDeduplication": "true", "VisibilityTimeout": "1"})["QueueUrl"]
                sqs.send_message_batch(QueueUrl=url, Entries=[
                    {"Id": str(n), "MessageBody": f"m{n}", "MessageGroupId": "g"} for n in range(10)])
                client.create_event_source_mapping(
                    FunctionName="1st", EventSourceArn="arn:aws:sqs:us-east-1:000000000000:jobs.fifo", BatchSize=10,
                    FunctionResponseTypes=["ReportBatchItemFailures"])
                for _ in range(100):
                    seen = json.loads(invoke("1st", b'{"seen": 1}')["payload"])
                    if seen and seen[-1][-1] == "m9" and "m3" in sum(seen[1:], []): break
                    time.sleep(0.2)
                tell(seen)
                """)
            let batches = told.array.map { $0.array.map { $0.string ?? "" } }
            #expect(batches.contains { $0.count > 1 })
            // What counts as done: all of a batch, but of the first one with m3 only what is before it.
            var done: [String] = []
            var hasFailed = false
            for batch in batches {
                let end = hasFailed ? nil : batch.firstIndex(of: "m3")
                hasFailed = hasFailed || end != nil
                done += batch[..<(end ?? batch.endIndex)]
            }
            #expect(done == (0..<10).map { "m\($0)" }, "\(batches)")
        }

        @Test("A mapping to a published version runs that version, whatever serves")
        func version() async throws {
            let told = try await LambdaAPI.boto3(
                glo,
                """
                import io, zipfile
                def archive(word):
                    buffer = io.BytesIO()
                    with zipfile.ZipFile(buffer, "w") as zip:
                        zip.writestr("app.py", f"def handler(event, context): return '{word}'")
                    return buffer.getvalue()
                made = client.create_function(
                    FunctionName="pinned", Runtime="python3.11", Handler="app.handler",
                    Role="arn:aws:iam::000000000000:role/any", Code={"ZipFile": archive("old")}, Publish=True)
                sqs = boto3.client("sqs")
                create = lambda name: sqs.create_queue(QueueName=name)["QueueUrl"]
                results, jobs = create("pinned-results"), create("pinned-jobs")
                client.put_function_event_invoke_config(FunctionName="pinned", DestinationConfig={
                    "OnSuccess": {"Destination": "arn:aws:sqs:us-east-1:000000000000:pinned-results"}})
                client.get_waiter("function_updated_v2").wait(FunctionName="pinned")
                client.publish_version(FunctionName="pinned")
                mapping = client.create_event_source_mapping(
                    FunctionName=made["FunctionArn"] + ":2",
                    EventSourceArn="arn:aws:sqs:us-east-1:000000000000:pinned-jobs")
                client.update_function_code(FunctionName="pinned", ZipFile=archive("new"))
                client.get_waiter("function_updated_v2").wait(FunctionName="pinned")
                sqs.send_message(QueueUrl=jobs, MessageBody="x")
                got = sqs.receive_message(QueueUrl=results, WaitTimeSeconds=20).get("Messages", [])
                tell({
                    "arn": mapping["FunctionArn"], "result": [json.loads(m["Body"])["responsePayload"] for m in got],
                    "none": failure(client.create_event_source_mapping, FunctionName="pinned:9",
                        EventSourceArn="arn:aws:sqs:us-east-1:000000000000:pinned-more")})
                """)
            #expect(told["arn"].string?.hasSuffix(":function:pinned:2") == true)
            #expect(told["result"].array.map(\.string) == ["old"])
            #expect(told["none"]["class"].string == "ResourceNotFoundException")
        }

        @Test("A client that waits for messages and goes away takes none", arguments: ["reset", "closed"])
        func left(how: String) async throws {
            let told = try await LambdaAPI.boto3(
                glo,
                """
                import socket, struct, time, urllib.parse
                from botocore.auth import SigV4Auth
                from botocore.awsrequest import AWSRequest
                sqs = boto3.client("sqs")
                url = sqs.create_queue(QueueName="left-\(how)")["QueueUrl"]
                body = json.dumps({"QueueUrl": url, "WaitTimeSeconds": 20})
                place = urllib.parse.urlsplit(sqs.meta.endpoint_url)
                request = AWSRequest("POST", f"http://{place.netloc}/", data=body, headers={
                    "X-Amz-Target": "AmazonSQS.ReceiveMessage", "Content-Type": "application/x-amz-json-1.0",
                    "Host": place.netloc, "Content-Length": str(len(body))})
                SigV4Auth(boto3.session.Session().get_credentials(), "sqs", sqs.meta.region_name).add_auth(request)
                waiting = socket.create_connection((place.hostname, place.port))
                head = "".join(f"{name}: {value}\\r\\n" for name, value in request.headers.items())
                waiting.sendall(f"POST / HTTP/1.1\\r\\n{head}\\r\\n{body}".encode())
                time.sleep(0.5)
                if "\(how)" == "reset": waiting.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                waiting.close()
                time.sleep(0.5)
                sqs.send_message(QueueUrl=url, MessageBody="m")
                time.sleep(0.5)
                got = sqs.receive_message(QueueUrl=url, AttributeNames=["All"], WaitTimeSeconds=2).get("Messages", [])
                tell([m["Attributes"]["ApproximateReceiveCount"] for m in got])
                """)
            #expect(told.array.map(\.string) == ["1"])
        }
    }
}
