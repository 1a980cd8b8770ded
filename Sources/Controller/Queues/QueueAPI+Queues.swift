import EventStore
import JSONCodec

/// Queues themselves.
extension QueueAPI {
    func createQueue(_ call: QueueCall) async throws(QueueError) -> JSONObject {
        guard let name = try call.parameters.text("QueueName") else { throw .missing("QueueName") }
        guard QueueName.isValid(name) else { throw .invalid(Self.nameBounds) }
        let attributes = try call.parameters.map("Attributes")
        try Self.checkKind(name, attributes ?? [])
        var change = try QueueAttributes.change(attributes ?? [], of: name)
        try await checkTarget(change, of: name)
        // The JSON protocol has it in small letters here, and only here.
        var tags = try call.parameters.map("tags")
        if tags == nil { tags = try call.parameters.map("Tags") }
        if let tags, !tags.isEmpty { change.tags = Self.encoded(tags) }
        let wanted = change
        let outcome = try await store.ask { $0.setQueue(name, wanted, creates: true, $1) }
        switch outcome {
        case .done, .same, .notFound: return ["QueueUrl": .string(call.url(name))]
        case .differs:
            let settings = try await find(name).settings
            let attribute = settings.flatMap { QueueAttributes.difference(wanted, $0) } ?? "RedrivePolicy"
            throw QueueError(
                "QueueNameExists", code: "QueueAlreadyExists",
                "A queue already exists with the same name and a different value for attribute \(attribute)")
        }
    }

    private static let nameBounds =
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"

    /// A FIFO queue is asked for by its name and by `FifoQueue`.
    private static func checkKind(_ name: String, _ attributes: [(name: String, value: String)]) throws(QueueError) {
        let wanted = attributes.last { $0.name == "FifoQueue" }?.value.lowercased() == "true"
        if wanted, !QueueName.isFIFO(name) {
            throw .invalid(
                "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end "
                    + "with .fifo suffix and be 1 to 80 in length")
        }
        if QueueName.isFIFO(name), !wanted { throw .invalid(nameBounds) }
    }

    func queueURL(_ call: QueueCall) async throws(QueueError) -> JSONObject {
        let name = try QueueParameters.checked(call.parameters.required("QueueName"))
        _ = try await queue(name)
        return ["QueueUrl": .string(call.url(name))]
    }

    func listQueues(_ call: QueueCall) async throws(QueueError) -> JSONObject {
        let wantedPrefix = try call.parameters.text("QueueNamePrefix")
        let limit = try call.parameters.number("MaxResults", in: 1...1000)
        let token = try call.parameters.text("NextToken")
        let all = try await store.ask { $0.queues($1) }
        let (prefix, after) = (wantedPrefix ?? "", token ?? "")
        let names = all.filter { $0.hasPrefix(prefix) && $0 > after }
        let page = names.prefix(limit ?? 1000)
        guard !page.isEmpty else { return [:] }
        var result: JSONObject = ["QueueUrls": .array(page.map { .string(call.url($0)) })]
        if let last = page.last, page.count < names.count { result["NextToken"] = .string(last) }
        return result
    }

    /// The queues whose messages go to this one in the end.
    func listSources(_ call: QueueCall) async throws(QueueError) -> JSONObject {
        let name = try call.parameters.queueName()
        _ = try await queue(name)
        let limit = try call.parameters.number("MaxResults", in: 1...1000) ?? 1000
        let after = try call.parameters.text("NextToken") ?? ""
        var sources: [String] = []
        for other in try await store.ask({ $0.queues($1) }) where other > after {
            if try await find(other).settings?.target == name { sources.append(other) }
        }
        let page = sources.prefix(limit)
        // The JSON protocol spells it so here, and only here.
        var result: JSONObject = ["queueUrls": .array(page.map { .string(call.url($0)) })]
        if let last = page.last, page.count < sources.count { result["NextToken"] = .string(last) }
        return result
    }

    /// The queue with all its messages. Functions' topics go with their functions.
    func deleteQueue(_ call: QueueCall) async throws(QueueError) -> JSONObject? {
        let name = try await pullQueue(call)
        try await empty(name, drops: true)
        return nil
    }

    func purgeQueue(_ call: QueueCall) async throws(QueueError) -> JSONObject? {
        let name = try await pullQueue(call)
        try await empty(name, drops: false)
        return nil
    }

    private func empty(_ name: String, drops: Bool) async throws(QueueError) {
        // A part at a time, so that a large queue does not keep the store from everything else.
        var left = 1
        while left > 0 { left = try await store.ask { $0.emptyQueue(name, drops: drops, $1) } }
    }

    // MARK: Attributes

    func queueAttributes(_ call: QueueCall) async throws(QueueError) -> JSONObject {
        let name = try call.parameters.queueName()
        let queue = try await queue(name)
        let wanted = try call.parameters.texts("AttributeNames")
        let attributes = try QueueAttributes.show(queue, name, wanted: wanted)
        return attributes.isEmpty ? [:] : ["Attributes": .object(attributes)]
    }

    func setQueueAttributes(_ call: QueueCall) async throws(QueueError) -> JSONObject? {
        let name = try await pullQueue(call)
        guard let attributes = try call.parameters.map("Attributes") else { throw .missing("Attributes") }
        let change = try QueueAttributes.change(attributes, of: name)
        try await checkTarget(change, of: name)
        try await set(name, change)
        return nil
    }

    private func set(_ name: String, _ change: PullQueueChange) async throws(QueueError) {
        let outcome = try await store.ask { $0.setQueue(name, change, creates: false, $1) }
        if outcome == .notFound { throw .noQueue }
    }

    /// Messages can only go to a queue that is there.
    private func checkTarget(_ change: PullQueueChange, of name: String) async throws(QueueError) {
        guard case .after(_, let target) = change.redrive else { return }
        guard target != name, QueueName.isFIFO(target) == QueueName.isFIFO(name),
            try await find(target).exists
        else {
            throw .invalid(
                "Value for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist, is of another "
                    + "kind or the queue itself: \(target).")
        }
    }

    // MARK: Tags

    func listTags(_ call: QueueCall) async throws(QueueError) -> JSONObject {
        let queue = try await queue(call.parameters.queueName())
        let tags = Self.decoded(queue.settings?.tags)
        return tags.isEmpty ? [:] : ["Tags": .object(tags)]
    }

    func tagQueue(_ call: QueueCall) async throws(QueueError) -> JSONObject? {
        let name = try await pullQueue(call)
        var tags = Self.decoded(try await queue(name).settings?.tags)
        guard let added = try call.parameters.map("Tags"), !added.isEmpty else { throw .missing("Tags") }
        for (key, value) in added { tags[key] = .string(value) }
        guard tags.members.count <= 50 else { throw .invalid("Too many tags added for queue \(name).") }
        var change = PullQueueChange()
        change.tags = JSONValue.object(tags).text
        try await set(name, change)
        return nil
    }

    func untagQueue(_ call: QueueCall) async throws(QueueError) -> JSONObject? {
        let name = try await pullQueue(call)
        var tags = Self.decoded(try await queue(name).settings?.tags)
        let keys = try call.parameters.texts("TagKeys")
        guard !keys.isEmpty else { throw .invalid("Tag keys must be between 1 and 128 characters in length.") }
        for key in keys { tags[key] = nil }
        var change = PullQueueChange()
        change.tags = tags.isEmpty ? "" : JSONValue.object(tags).text
        try await set(name, change)
        return nil
    }

    private static func encoded(_ tags: [(name: String, value: String)]) -> String {
        JSONValue.object(JSONObject(tags.map { ($0.name, .string($0.value)) })).text
    }

    private static func decoded(_ text: String?) -> JSONObject {
        text.flatMap { (try? JSONValue($0.utf8))?.object } ?? JSONObject()
    }

    // MARK: Finding

    /// The queue or topic; throws when there is neither.
    func queue(_ name: String) async throws(QueueError) -> PullQueue {
        let queue = try await find(name)
        guard queue.exists else { throw .noQueue }
        return queue
    }

    private func find(_ name: String) async throws(QueueError) -> PullQueue {
        try await store.ask { $0.queue(name, $1) }
    }

    /// The call's queue, which somebody has to have made.
    private func pullQueue(_ call: QueueCall) async throws(QueueError) -> String {
        let name = try call.parameters.queueName()
        guard try await queue(name).settings != nil else {
            throw .unsupported("'\(name)' is a topic of functions and no queue; CreateQueue makes it one.")
        }
        return name
    }
}
