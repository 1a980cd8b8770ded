import JSONCodec

/// What became of the entries of a batch.
struct BatchAnswer {
    private var successful: [JSONValue] = []
    private var failed: [JSONValue] = []

    mutating func succeeded(_ id: String, _ more: JSONObject = JSONObject()) {
        successful.append(.object(JSONObject([("Id", .string(id))] + more.members.map { ($0.name, $0.value) })))
    }

    mutating func failed(_ id: String, _ error: QueueError) {
        failed.append([
            "Id": .string(id), "SenderFault": .bool(error.isSender), "Code": .string(error.code),
            "Message": .string(error.message),
        ])
    }

    var object: JSONObject {
        var object: JSONObject = ["Successful": .array(successful)]
        if !failed.isEmpty { object["Failed"] = .array(failed) }
        return object
    }
}
