import EventStore
import FunctionModel
import JSONCodec
import NIOCore
import Testing

@testable import Controller

@Suite("The API of SQS")
struct QueueAPITests {
    @Test("A message is sent, received with its attributes and digests, and deleted")
    func lifecycle() async throws {
        try await QueueFixture.with { fixture in
            let url = await fixture.create("orders")
            #expect(url == "http://glo.test:9000/000000000000/orders")
            let sent = await fixture.call(
                "SendMessage",
                [
                    "QueueUrl": url, "MessageBody": "hello",
                    "MessageAttributes": [
                        "n": ["DataType": "Number", "StringValue": "6"],
                        "b": ["DataType": "Binary.x", "BinaryValue": "AP8="],
                    ],
                ])
            #expect(sent.status == 200)
            #expect(sent.json["MD5OfMessageBody"] == "5d41402abc4b2a76b9719d911017c592")
            let received = await fixture.call(
                "ReceiveMessage",
                ["QueueUrl": url, "AttributeNames": ["All"], "MessageAttributeNames": ["All"]])
            let message = try #require(received.json["Messages"]?.array?.first?.object)
            #expect(message["MessageId"] == sent.json["MessageId"])
            #expect(message["Body"] == "hello")
            #expect(message["MD5OfMessageAttributes"] == sent.json["MD5OfMessageAttributes"])
            #expect(message["MessageAttributes"]?.object?["b"] == ["DataType": "Binary.x", "BinaryValue": "AP8="])
            #expect(message["Attributes"]?.object?["ApproximateReceiveCount"] == "1")
            let deleted = await fixture.call(
                "DeleteMessage", ["QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"] ?? .null])
            #expect(deleted.status == 200)
            #expect(deleted.text.isEmpty)
            let attributes = await fixture.call(
                "GetQueueAttributes",
                ["QueueUrl": url, "AttributeNames": ["ApproximateNumberOfMessagesNotVisible", "QueueArn"]])
            #expect(
                attributes.json["Attributes"] == [
                    "ApproximateNumberOfMessagesNotVisible": "0",
                    "QueueArn": "arn:aws:sqs:us-east-1:000000000000:orders",
                ])
        }
    }

    @Test("The digest of attributes is what SQS' clients compute")
    func digest() throws {
        // By botocore's own test vectors' method: name, type and value with their lengths.
        let one = try #require(
            MessageAttribute(name: "timestamp", ["DataType": "Number", "StringValue": "1493147359900"]))
        #expect(MessageAttribute.digest([one]) == "235c5c510d26fb653d073faed50ae77c")
    }

    @Test("A long poll ends when a message comes")
    func longPoll() async throws {
        try await QueueFixture.with { fixture in
            let url = await fixture.create("q")
            async let received = fixture.call("ReceiveMessage", ["QueueUrl": url, "WaitTimeSeconds": 20])
            let sent = await fixture.call("SendMessage", ["QueueUrl": url, "MessageBody": "x"])
            #expect(await received.json["Messages"]?.array?.first?.object?["MessageId"] == sent.json["MessageId"])
        }
    }

    @Test("A client that left takes no message, and the message knows nothing of it")
    func left() async throws {
        try await QueueFixture.with { fixture in
            let url = await fixture.create("q")
            let waiting = Task { await fixture.call("ReceiveMessage", ["QueueUrl": url, "WaitTimeSeconds": 20]) }
            waiting.cancel()
            _ = await fixture.call("SendMessage", ["QueueUrl": url, "MessageBody": "x"])
            #expect(await waiting.value.json["Messages"] == nil)
            let received = await fixture.call(
                "ReceiveMessage", ["QueueUrl": url, "AttributeNames": ["ApproximateReceiveCount"]])
            let message = received.json["Messages"]?.array?.first?.object
            #expect(message?["Attributes"] == ["ApproximateReceiveCount": "1"])
        }
    }

    @Test("A batch says of each entry what became of it")
    func batch() async throws {
        try await QueueFixture.with { fixture in
            let url = await fixture.create("q")
            let sent = await fixture.call(
                "SendMessageBatch",
                [
                    "QueueUrl": url,
                    "Entries": [
                        ["Id": "a", "MessageBody": "1"], ["Id": "b", "MessageBody": "\u{1}"],
                        ["Id": "c", "MessageBody": "3", "DelaySeconds": 901],
                    ],
                ])
            #expect(sent.json["Successful"]?.array?.count == 1)
            let failed = sent.json["Failed"]?.array?.compactMap { $0.object?["Code"]?.string }
            #expect(failed == ["InvalidMessageContents", "InvalidParameterValue"])
            let received = await fixture.call("ReceiveMessage", ["QueueUrl": url, "MaxNumberOfMessages": 10])
            let handle = try #require(received.json["Messages"]?.array?.first?.object?["ReceiptHandle"])
            let deleted = await fixture.call(
                "DeleteMessageBatch",
                [
                    "QueueUrl": url,
                    "Entries": [["Id": "1", "ReceiptHandle": handle], ["Id": "2", "ReceiptHandle": "x"]],
                ])
            #expect(deleted.json["Successful"] == [["Id": "1"]])
            #expect(deleted.json["Failed"]?.array?.first?.object?["Code"] == "ReceiptHandleIsInvalid")
        }
    }

    @Test("A FIFO queue wants a group and knows a message that comes twice")
    func fifo() async throws {
        try await QueueFixture.with { fixture in
            let url = await fixture.create("q.fifo", ["FifoQueue": "true", "ContentBasedDeduplication": "true"])
            #expect(
                await fixture.call("SendMessage", ["QueueUrl": url, "MessageBody": "x"]).code == "MissingParameter")
            let message: JSONObject = ["QueueUrl": url, "MessageBody": "x", "MessageGroupId": "g"]
            let first = await fixture.call("SendMessage", message)
            #expect(await fixture.call("SendMessage", message).json["MessageId"] == first.json["MessageId"])
            let count = await fixture.call(
                "GetQueueAttributes", ["QueueUrl": url, "AttributeNames": ["ApproximateNumberOfMessages"]])
            #expect(count.json["Attributes"] == ["ApproximateNumberOfMessages": "1"])
        }
    }

    @Test(
        "What cannot be done has the code that clients know",
        arguments: [
            ("GetQueueUrl", ["QueueName": "nobody"], "AWS.SimpleQueueService.NonExistentQueue"),
            (
                "SendMessage", ["QueueUrl": "http://x/1/nobody", "MessageBody": "x"],
                "AWS.SimpleQueueService.NonExistentQueue"
            ),
            ("SendMessage", ["QueueUrl": "http://x/1/q"], "MissingParameter"),
            ("CreateQueue", ["QueueName": "a b"], "InvalidParameterValue"),
            ("CreateQueue", ["QueueName": "n", "Attributes": ["Nonsense": "1"]], "InvalidAttributeName"),
            ("CreateQueue", ["QueueName": "n", "Attributes": ["VisibilityTimeout": "-1"]], "InvalidAttributeValue"),
            ("CreateQueue", ["QueueName": "q", "Attributes": ["DelaySeconds": "5"]], "QueueAlreadyExists"),
            ("ReceiveMessage", ["QueueUrl": "q", "MaxNumberOfMessages": 11], "InvalidParameterValue"),
            ("ReceiveMessage", ["QueueUrl": "q", "AttributeNames": ["Nonsense"]], "InvalidAttributeName"),
            (
                "SendMessage",
                [
                    "QueueUrl": "q", "MessageBody": "x",
                    "MessageAttributes": ["AWS.x": ["DataType": "String", "StringValue": "v"]],
                ], "InvalidParameterValue"
            ),
            (
                "SendMessage",
                [
                    "QueueUrl": "q", "MessageBody": "x",
                    "MessageAttributes": ["x": ["DataType": "String", "StringValue": ""]],
                ], "InvalidParameterValue"
            ),
            ("DeleteMessage", ["QueueUrl": "q", "ReceiptHandle": "x"], "ReceiptHandleIsInvalid"),
            ("SendMessageBatch", ["QueueUrl": "q", "Entries": []], "AWS.SimpleQueueService.EmptyBatchRequest"),
            ("Nonsense", [:], "InvalidAction"),
        ] as [(String, JSONObject, String)])
    func errors(operation: String, parameters: JSONObject, code: String) async throws {
        try await QueueFixture.with { fixture in
            _ = await fixture.create("q")
            let answer = await fixture.call(operation, parameters)
            #expect(answer.status == 400)
            #expect(answer.code == code)
            #expect(answer.json["__type"]?.string?.hasPrefix("com.amazonaws.sqs#") == true)
        }
    }

    @Test("The older protocol takes forms and answers with XML")
    func query() async throws {
        try await QueueFixture.with { fixture in
            let created = await fixture.form(
                "Action=CreateQueue&QueueName=q&Attribute.1.Name=VisibilityTimeout&Attribute.1.Value=5&Version=2012-11-05"
            )
            #expect(created.text.contains("<QueueUrl>http://glo.test:9000/000000000000/q</QueueUrl>"))
            let sent = await fixture.form(
                "Action=SendMessage&QueueUrl=http%3A%2F%2Fx%2F1%2Fq&MessageBody=a%3Cb+c&MessageAttribute.1.Name=k"
                    + "&MessageAttribute.1.Value.StringValue=v&MessageAttribute.1.Value.DataType=String")
            #expect(sent.text.contains("<SendMessageResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\">"))
            let received = await fixture.form(
                "Action=ReceiveMessage&QueueUrl=q&AttributeName.1=All&MessageAttributeName.1=All&MaxNumberOfMessages=10"
            )
            #expect(received.text.contains("<Body>a&lt;b c</Body>"))
            #expect(
                received.text.contains("<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>"))
            #expect(received.text.contains("<MessageAttribute><Name>k</Name><Value><StringValue>v</StringValue>"))
            let missing = await fixture.form("Action=GetQueueUrl&QueueName=nobody")
            #expect(missing.status == 400)
            #expect(missing.text.contains("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>"))
        }
    }

    @Test("A queue of dead letters knows whose they are")
    func sources() async throws {
        try await QueueFixture.with { fixture in
            let dead = await fixture.create("dead")
            let policy = #"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":2}"#
            for name in ["one", "two"] {
                _ = await fixture.call(
                    "CreateQueue", ["QueueName": .string(name), "Attributes": ["RedrivePolicy": .string(policy)]])
            }
            _ = await fixture.create("other")
            let first = await fixture.call("ListDeadLetterSourceQueues", ["QueueUrl": dead, "MaxResults": 1])
            #expect(first.json["queueUrls"]?.array?.count == 1)
            let token = try #require(first.json["NextToken"])
            let second = await fixture.call("ListDeadLetterSourceQueues", ["QueueUrl": dead, "NextToken": token])
            #expect(second.json["queueUrls"] == ["http://glo.test:9000/000000000000/two"])
            let form = await fixture.form("Action=ListDeadLetterSourceQueues&QueueUrl=dead")
            #expect(form.text.contains("<QueueUrl>http://glo.test:9000/000000000000/one</QueueUrl>"))
        }
    }

    @Test("A topic of functions is a queue that is sent to")
    func functions() async throws {
        try await QueueFixture.with { fixture in
            let name = try #require(FunctionName("f"))
            try await fixture.store.ask { $0.configure(name, topics: ["jobs"], .init(), $1) }
            let sent = await fixture.call(
                "SendMessage", ["QueueUrl": "jobs", "MessageBody": "x", "MessageGroupId": "g"])
            let claimed = try await fixture.store.ask {
                $0.claim(owner: "me", leaseMilliseconds: 60_000, [(queue: .init(name), limit: 5)], $1)
            }
            #expect(claimed.map(\.event) == [sent.json["MessageId"]?.string])
            #expect(claimed.first?.group == "g")
            #expect(
                await fixture.call("DeleteQueue", ["QueueUrl": "jobs"]).code
                    == "AWS.SimpleQueueService.UnsupportedOperation")
            #expect(await fixture.call("ListQueues").json["QueueUrls"] == ["http://glo.test:9000/000000000000/jobs"])
        }
    }

    @Test("Tags are kept, added and taken away")
    func tags() async throws {
        try await QueueFixture.with { fixture in
            let url = await fixture.create("q")
            _ = await fixture.call("TagQueue", ["QueueUrl": url, "Tags": ["a": "1", "b": "2"]])
            _ = await fixture.call("UntagQueue", ["QueueUrl": url, "TagKeys": ["a"]])
            #expect(await fixture.call("ListQueueTags", ["QueueUrl": url]).json["Tags"] == ["b": "2"])
        }
    }
}
