import JSONCodec

/// The entries of a batch: 1 to 10, each with an id of its own.
struct BatchEntries {
    private(set) var all: [(id: String, parameters: QueueParameters)] = []

    init(_ call: QueueAPI.QueueCall) throws(QueueError) {
        let items = call.parameters.object["Entries"]?.array ?? []
        guard !items.isEmpty else {
            throw .batch(
                "EmptyBatchRequest", "There should be at least one \(call.operation)RequestEntry in the request.")
        }
        guard items.count <= 10 else {
            throw .batch(
                "TooManyEntriesInBatchRequest",
                "Maximum number of entries per request are 10. You have sent \(items.count).")
        }
        for item in items {
            guard let object = item.object else { throw .invalid("Entries: an entry is not an object.") }
            let id = object["Id"]?.string ?? ""
            guard Self.isID(id) else {
                throw .batch(
                    "InvalidBatchEntryId",
                    "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
                        + "It can be at most 80 letters long.")
            }
            guard !all.contains(where: { $0.id == id }) else {
                throw .batch("BatchEntryIdsNotDistinct", "Id \(id) repeated.")
            }
            all.append((id, QueueParameters(object)))
        }
    }

    private static func isID(_ text: String) -> Bool {
        (1...80).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
    }
}
