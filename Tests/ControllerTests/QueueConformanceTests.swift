import EventStore
import JSONCodec
import NIOCore
import Testing

@testable import Controller

/// What AWS answers, as LocalStack's tests recorded it there.
@Suite("The API of SQS answers as AWS does")
struct QueueConformanceTests {
    private static let fifo: JSONObject = ["FifoQueue": "true", "ContentBasedDeduplication": "true"]

    /// A call that cannot be done, and what AWS says of it.
    struct Refusal: Sendable {
        let operation: String
        let parameters: JSONObject
        let code: String
        let message: String
    }

    private static func refusals() -> [Refusal] {
        var all: [Refusal] = []
        func add(_ operation: String, _ parameters: JSONObject, _ code: String, _ message: String) {
            all.append(Refusal(operation: operation, parameters: parameters, code: code, message: message))
        }
        let value = "InvalidParameterValue"
        add(
            "ReceiveMessage", ["QueueUrl": "q", "MaxNumberOfMessages": 11], value,
            "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.")
        add(
            "ReceiveMessage", ["QueueUrl": "q", "WaitTimeSeconds": -1], value,
            "Value -1 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.")
        add(
            "SendMessage", ["QueueUrl": "q"], "MissingParameter",
            "The request must contain the parameter MessageBody.")
        let long = JSONValue.string(String(repeating: "x", count: 1025))
        add(
            "SendMessage", ["QueueUrl": "small", "MessageBody": long], value,
            "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.")
        let token = "can only include alphanumeric and punctuation characters. 1 to 128 in length."
        add(
            "SendMessage", ["QueueUrl": "q", "MessageBody": "x", "MessageGroupId": "group 123"], value,
            "Value group 123 for parameter MessageGroupId is invalid. Reason: MessageGroupId \(token)")
        add(
            "DeleteMessage", ["QueueUrl": "q", "ReceiptHandle": "garbage"], "ReceiptHandleIsInvalid",
            "The input receipt handle \"garbage\" is not a valid receipt handle.")
        add(
            "TagQueue", ["QueueUrl": "q", "Tags": [:]], "MissingParameter",
            "The request must contain the parameter Tags.")
        return all + batches() + kinds()
    }

    private static func batches() -> [Refusal] {
        var all: [Refusal] = []
        func add(_ operation: String, _ parameters: JSONObject, _ code: String, _ message: String) {
            all.append(Refusal(operation: operation, parameters: parameters, code: code, message: message))
        }
        let deduplication =
            "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
        add(
            "SendMessage", ["QueueUrl": "bare.fifo", "MessageBody": "x", "MessageGroupId": "g"],
            "InvalidParameterValue", deduplication)
        let one: JSONValue = ["Id": "1", "MessageBody": "x", "MessageGroupId": "g", "MessageDeduplicationId": "1"]
        let two: JSONValue = ["Id": "2", "MessageBody": "x", "MessageGroupId": "g"]
        add(
            "SendMessageBatch", ["QueueUrl": "bare.fifo", "Entries": [one, two]], "InvalidParameterValue", deduplication
        )
        let bare: JSONValue = ["Id": "1", "MessageBody": "x"]
        add(
            "SendMessageBatch", ["QueueUrl": "q.fifo", "Entries": [bare]], "InvalidParameterValue",
            "The request must contain the parameter MessageGroupId.")
        add(
            "DeleteMessageBatch", ["QueueUrl": "q", "Entries": []], "AWS.SimpleQueueService.EmptyBatchRequest",
            "There should be at least one DeleteMessageBatchRequestEntry in the request.")
        let large: JSONValue = ["Id": "1", "MessageBody": .string(String(repeating: "x", count: 1_048_577))]
        add(
            "SendMessageBatch", ["QueueUrl": "q", "Entries": [large]], "AWS.SimpleQueueService.BatchRequestTooLong",
            "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.")
        add(
            "SendMessage",
            ["QueueUrl": "q.fifo", "MessageBody": "x", "MessageGroupId": "g", "DelaySeconds": 2],
            "InvalidParameterValue",
            "Value 2 for parameter DelaySeconds is invalid. Reason: "
                + "The request include parameter that is not valid for this queue type.")
        return all
    }

    private static func kinds() -> [Refusal] {
        var all: [Refusal] = []
        func create(_ name: JSONValue, _ attributes: JSONObject, _ code: String, _ message: String) {
            let parameters: JSONObject = ["QueueName": name, "Attributes": .object(attributes)]
            all.append(Refusal(operation: "CreateQueue", parameters: parameters, code: code, message: message))
        }
        func set(_ name: JSONValue, _ attributes: JSONObject, _ code: String, _ message: String) {
            let parameters: JSONObject = ["QueueUrl": name, "Attributes": .object(attributes)]
            all.append(Refusal(operation: "SetQueueAttributes", parameters: parameters, code: code, message: message))
        }
        let differs = "A queue already exists with the same name and a different value for attribute"
        create("q", ["DelaySeconds": "1"], "QueueAlreadyExists", "\(differs) DelaySeconds")
        create(
            "q.fifo", ["FifoQueue": "true", "ContentBasedDeduplication": "false"], "QueueAlreadyExists",
            "\(differs) ContentBasedDeduplication")
        let name = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
        create("", [:], "InvalidParameterValue", name)
        create("other.fifo", [:], "InvalidParameterValue", name)
        create(
            "other", ["FifoQueue": "true"], "InvalidParameterValue",
            "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with "
                + ".fifo suffix and be 1 to 80 in length")
        create("other", ["FifoQueue": "false"], "InvalidAttributeName", "Unknown Attribute FifoQueue.")
        create(
            "other", ["DeduplicationScope": "queue"], "InvalidAttributeName",
            "You can specify the DeduplicationScope only when FifoQueue is set to true.")
        set("q", ["FifoQueue": "true"], "InvalidAttributeName", "Unknown Attribute FifoQueue.")
        set(
            "q.fifo", ["FifoQueue": "false"], "InvalidAttributeValue",
            "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.")
        let policy = #"{"deadLetterTargetArn":"x"}"#
        set(
            "q", ["RedrivePolicy": .string(policy)], "InvalidParameterValue",
            "Value \(policy) for parameter RedrivePolicy is invalid. Reason: Redrive policy does not contain mandatory "
                + "attribute: maxReceiveCount.")
        return all
    }

    @Test("A call that cannot be done says so in AWS' words", arguments: refusals())
    func errors(refusal: Refusal) async throws {
        try await QueueFixture.with { fixture in
            _ = await fixture.create("q")
            _ = await fixture.create("small", ["MaximumMessageSize": "1024"])
            _ = await fixture.create("q.fifo", Self.fifo)
            _ = await fixture.create("bare.fifo", ["FifoQueue": "true"])
            let answer = await fixture.call(refusal.operation, refusal.parameters)
            #expect(answer.code == refusal.code)
            #expect(answer.json["message"]?.string == refusal.message)
        }
    }

    @Test("Truth is written in any letters, as Python's str(True) is", arguments: ["true", "True", "TRUE"])
    func flags(text: String) async throws {
        try await QueueFixture.with { fixture in
            let url = await fixture.create(
                "q.fifo", ["FifoQueue": .string(text), "ContentBasedDeduplication": .string(text)])
            #expect(url.string?.hasSuffix("q.fifo") == true)
        }
    }

    @Test("A FIFO queue is idempotent in being made, and tells its kind")
    func attributes() async throws {
        try await QueueFixture.with { fixture in
            for attributes: JSONObject in [
                ["FifoQueue": "true"], ["FifoQueue": "true", "DeduplicationScope": "queue"],
            ] {
                #expect(await fixture.create("q.fifo", attributes).string != nil)
            }
            let shown = await fixture.call("GetQueueAttributes", ["QueueUrl": "q.fifo", "AttributeNames": ["All"]])
            let values = shown.json["Attributes"]?.object
            #expect(values?["FifoQueue"] == "true" && values?["DeduplicationScope"] == "queue")
            #expect(values?["FifoThroughputLimit"] == "perQueue")
        }
    }

    @Test("Deduplication counts within a group when its scope says so")
    func scope() async throws {
        try await QueueFixture.with { fixture in
            var attributes = Self.fifo
            attributes["DeduplicationScope"] = "messageGroup"
            attributes["FifoThroughputLimit"] = "perMessageGroupId"
            _ = await fixture.create("q.fifo", attributes)
            for group: JSONValue in ["g", "h", "h"] {
                _ = await fixture.call(
                    "SendMessage", ["QueueUrl": "q.fifo", "MessageBody": "x", "MessageGroupId": group])
            }
            let received = await fixture.call("ReceiveMessage", ["QueueUrl": "q.fifo", "MaxNumberOfMessages": 10])
            #expect(received.json["Messages"]?.array?.count == 2)
        }
    }

    @Test(
        "What is sent to a FIFO queue that was purged or made anew arrives", arguments: ["PurgeQueue", "DeleteQueue"])
    func anew(operation: String) async throws {
        try await QueueFixture.with { fixture in
            func send(_ body: JSONValue) async -> JSONObject {
                await fixture.call(
                    "SendMessage",
                    ["QueueUrl": "q.fifo", "MessageBody": body, "MessageGroupId": "g", "MessageDeduplicationId": "1"]
                ).json
            }
            _ = await fixture.create("q.fifo", Self.fifo)
            let first = await send("one")
            #expect(await send("one") == first)
            _ = await fixture.call(operation, ["QueueUrl": "q.fifo"])
            _ = await fixture.create("q.fifo", Self.fifo)
            let second = await send("two")
            #expect(second["MessageId"] != first["MessageId"])
            let received = await fixture.call("ReceiveMessage", ["QueueUrl": "q.fifo"])
            #expect(received.json["Messages"]?.array?.first?.object?["Body"] == "two")
        }
    }

    @Test("A FIFO queue tells the sequence of a message to who sends it and to who fetches it")
    func sequence() async throws {
        try await QueueFixture.with { fixture in
            _ = await fixture.create("q.fifo", Self.fifo)
            var sent: [String] = []
            for body: JSONValue in ["a", "b", "a"] {
                let answer = await fixture.call(
                    "SendMessage", ["QueueUrl": "q.fifo", "MessageBody": body, "MessageGroupId": "g"])
                sent.append(answer.json["SequenceNumber"]?.string ?? "")
            }
            #expect(sent[0] < sent[1] && sent[2] == sent[0] && sent[0].count == 20)
            let received = await fixture.call(
                "ReceiveMessage",
                ["QueueUrl": "q.fifo", "MaxNumberOfMessages": 10, "AttributeNames": ["SequenceNumber"]])
            let fetched = received.json["Messages"]?.array?.compactMap {
                $0.object?["Attributes"]?.object?["SequenceNumber"]?.string
            }
            #expect(fetched == [sent[0], sent[1]])
        }
    }

    @Test("A message of a FIFO queue has the delay of its queue, whatever it says itself")
    func delay() async throws {
        try await QueueFixture.with { fixture in
            var attributes = Self.fifo
            attributes["DelaySeconds"] = "600"
            _ = await fixture.create("q.fifo", attributes)
            _ = await fixture.call(
                "SendMessage", ["QueueUrl": "q.fifo", "MessageBody": "x", "MessageGroupId": "g", "DelaySeconds": 0])
            #expect(await fixture.call("ReceiveMessage", ["QueueUrl": "q.fifo"]).json["Messages"] == nil)
        }
    }

    @Test("A message that was given up tells the queue that it came from")
    func deadLetterSource() async throws {
        try await QueueFixture.with { fixture in
            _ = await fixture.create("dead")
            let policy = #"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":1}"#
            _ = await fixture.create("live", ["RedrivePolicy": .string(policy)])
            _ = await fixture.call("SendMessage", ["QueueUrl": "live", "MessageBody": "x"])
            for _ in 1...2 {
                _ = await fixture.call("ReceiveMessage", ["QueueUrl": "live", "VisibilityTimeout": 0])
            }
            let received = await fixture.call("ReceiveMessage", ["QueueUrl": "dead", "AttributeNames": ["All"]])
            let attributes = received.json["Messages"]?.array?.first?.object?["Attributes"]?.object
            #expect(attributes?["DeadLetterQueueSourceArn"] == "arn:aws:sqs:us-east-1:000000000000:live")
        }
    }

    @Test("X-Amzn-Trace-Id becomes AWSTraceHeader, unless the message says another")
    func trace() async throws {
        try await QueueFixture.with { fixture in
            _ = await fixture.create("q")
            let fields = [("X-Amzn-Trace-Id", "Root=1-a")]
            let sent = await fixture.call("SendMessage", ["QueueUrl": "q", "MessageBody": "1"], fields: fields)
            #expect(sent.json["MD5OfMessageSystemAttributes"] == nil)
            _ = await fixture.call(
                "SendMessage",
                [
                    "QueueUrl": "q", "MessageBody": "2",
                    "MessageSystemAttributes": ["AWSTraceHeader": ["DataType": "String", "StringValue": "Root=1-b"]],
                ], fields: fields)
            let received = await fixture.call(
                "ReceiveMessage", ["QueueUrl": "q", "MaxNumberOfMessages": 10, "AttributeNames": ["AWSTraceHeader"]])
            let headers = received.json["Messages"]?.array?.compactMap {
                $0.object?["Attributes"]?.object?["AWSTraceHeader"]
            }
            #expect(headers == ["Root=1-a", "Root=1-b"])
        }
    }

    @Test("Without queues there is no list of them")
    func noQueues() async throws {
        try await QueueFixture.with { fixture in
            #expect(await fixture.call("ListQueues").json == [:])
            let form = await fixture.form("Action=GetQueueUrl&QueueName=nobody")
            #expect(form.text.contains("The specified queue does not exist for this wsdl version."))
        }
    }
}
