import Foundation
import TestSupport
import Testing

extension Integration {
    /// Queues that functions are the consumers of, by boto3 alone.
    @Suite("Event source mappings of queues", .controller(LambdaAPI.options) { _ in })
    struct LambdaQueues {
        private static let prelude = """
            import io, zipfile
            ROLE = "arn:aws:iam::000000000000:role/any"
            ARN = "arn:aws:sqs:us-east-1:000000000000:"
            sqs = boto3.client("sqs")
            def create(name, code, **more):
                buffer = io.BytesIO()
                with zipfile.ZipFile(buffer, "w") as zip: zip.writestr("app.py", code)
                client.create_function(
                    FunctionName=name, Runtime="python3.11", Handler="app.handler", Role=ROLE,
                    Code={"ZipFile": buffer.getvalue()}, **more)
            def queue(name, **attributes): return sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
            def redrive(name, count): return json.dumps({"deadLetterTargetArn": ARN + name, "maxReceiveCount": count})
            def receive(url, seconds=20):
                return sqs.receive_message(
                    QueueUrl=url, WaitTimeSeconds=seconds, AttributeNames=["All"], MessageAttributeNames=["All"],
                    MaxNumberOfMessages=10).get("Messages", [])

            """

        private func boto3(_ script: String) async throws -> JSONValue {
            try await LambdaAPI.boto3(glo, Self.prelude + script)
        }

        @Test(
            "Only what a handler names comes again, after the queue's visibility, and goes to the dead letters' queue")
        func partialFailures() async throws {
            let told = try await boto3(
                """
                create("partial", '''
                seen = []
                def handler(event, context):
                    if "seen" in event: return seen
                    seen.append([[r["body"], r["attributes"]["ApproximateReceiveCount"]] for r in event["Records"]])
                    return {"batchItemFailures": [
                        {"itemIdentifier": r["messageId"]} for r in event["Records"] if "bad" in r["body"]]}
                ''')
                dead = queue("partial-dead")
                source = queue("partial-jobs", VisibilityTimeout="1", RedrivePolicy=redrive("partial-dead", 2))
                client.create_event_source_mapping(
                    FunctionName="partial", EventSourceArn=ARN + "partial-jobs", BatchSize=3,
                    MaximumBatchingWindowInSeconds=1, FunctionResponseTypes=["ReportBatchItemFailures"])
                sent = sqs.send_message_batch(QueueUrl=source, Entries=[
                    {"Id": word, "MessageBody": word, "MessageAttributes": {"n": {"DataType": "Number", "StringValue": "7"}}}
                    for word in ["good", "bad", "fine"]])["Successful"]
                found = receive(dead)
                ids = {entry["Id"]: entry["MessageId"] for entry in sent}
                tell([
                    json.loads(invoke("partial", b'{"seen": 1}')["payload"]), [m["Body"] for m in found],
                    found[0]["MessageId"] == ids["bad"] if found else None,
                    found[0]["MessageAttributes"]["n"]["StringValue"] if found else None, receive(dead, 0),
                ])
                """)
            let runs = told[0].array.map { $0.array.map { $0.array.map { $0.string ?? "" } } }
            #expect(Set(runs.first?.map(\.[0]) ?? []) == ["good", "bad", "fine"])
            #expect(Array(runs.dropFirst()) == [[["bad", "2"]]])
            #expect(told[1].array.map(\.string) == ["bad"])
            #expect(told[2].bool == true && told[3].string == "7")
            #expect(told[4].array.isEmpty)
        }

        @Test(
            "A batch whose worker is killed comes again as a whole, and ends in the dead letters' queue with its body")
        func killed() async throws {
            let told = try await boto3(
                """
                create("killed", '''
                import os
                def handler(event, context):
                    if any("kill" in r["body"] for r in event["Records"]): os.kill(os.getpid(), 9)
                ''')
                dead = queue("killed-dead")
                source = queue("killed-jobs", VisibilityTimeout="1", RedrivePolicy=redrive("killed-dead", 2))
                mapping = client.create_event_source_mapping(
                    FunctionName="killed", EventSourceArn=ARN + "killed-jobs", BatchSize=1)
                sqs.send_message(QueueUrl=source, MessageBody='{"kill": "é"}')
                sqs.send_message(QueueUrl=source, MessageBody="harmless")
                found = receive(dead)
                counts = sqs.get_queue_attributes(QueueUrl=source, AttributeNames=["All"])["Attributes"]
                client.delete_event_source_mapping(UUID=mapping["UUID"])
                tell([[m["Body"] for m in found], counts["ApproximateNumberOfMessages"]])
                """)
            #expect(told[0].array.map(\.string) == [#"{"kill": "é"}"#])
            #expect(told[1].string == "0")
        }

        @Test("A FIFO queue's groups keep their order, also behind a failure, and records have their numbers")
        func fifo() async throws {
            let told = try await boto3(
                """
                create("ordered", '''
                seen = []
                def handler(event, context):
                    if "seen" in event: return seen
                    for record in event["Records"]: seen.append([record["body"], record["attributes"]])
                    if seen[-1][0] == "b" and len([s for s in seen if s[0] == "b"]) < 2: raise ValueError("once")
                ''')
                client.put_function_concurrency(FunctionName="ordered", ReservedConcurrentExecutions=1)
                source = queue("ordered.fifo", FifoQueue="true", VisibilityTimeout="1", ContentBasedDeduplication="true")
                client.create_event_source_mapping(
                    FunctionName="ordered", EventSourceArn=ARN + "ordered.fifo", BatchSize=1)
                for word in ["a", "b", "b", "c"]:
                    sqs.send_message(QueueUrl=source, MessageBody=word, MessageGroupId="g")
                for _ in range(60):
                    seen = json.loads(invoke("ordered", b'{"seen": 1}')["payload"])
                    if seen and seen[-1][0] == "c": break
                    time.sleep(0.25)
                tell(seen)
                """)
            #expect(told.array.map { $0[0].string } == ["a", "b", "b", "c"])
            #expect(told.array.map { $0[1]["ApproximateReceiveCount"].string } == ["1", "1", "2", "1"])
            let numbers = told.array.compactMap { $0[1]["SequenceNumber"].string }
            #expect(numbers.count == 4 && numbers == numbers.sorted() && Set(numbers).count == 3)
            #expect(told.array.allSatisfy { $0[1]["MessageGroupId"].string == "g" })
        }

        @Test("A failed event's record has the function's own error, at the queue that is its destination")
        func destination() async throws {
            let told = try await boto3(
                """
                create("fails", '''
                def handler(event, context): raise ValueError("as asked")
                ''')
                client.put_function_event_invoke_config(
                    FunctionName="fails", MaximumRetryAttempts=0,
                    DestinationConfig={"OnFailure": {"Destination": ARN + "failures"}})
                url = queue("failures")
                answer = client.invoke(FunctionName="fails", InvocationType="Event", Payload=b'{"n": 1}')
                tell([answer["ResponseMetadata"]["RequestId"], json.loads(receive(url)[0]["Body"])])
                """)
            let record = told[1]
            #expect(record["requestContext"]["requestId"].string == told[0].string)
            #expect(record["requestContext"]["condition"].string == "RetriesExhausted")
            #expect(record["requestContext"]["approximateInvokeCount"].int == 1)
            #expect(
                record["requestContext"]["functionArn"].string
                    == "arn:aws:lambda:us-east-1:000000000000:function:fails:$LATEST")
            #expect(record["responseContext"]["executedVersion"].string == "$LATEST")
            #expect(record["responseContext"]["functionError"].string == "Unhandled")
            #expect(record["responsePayload"]["errorType"].string == "ValueError")
            #expect(record["requestPayload"]["n"].int == 1)
        }
    }
}
