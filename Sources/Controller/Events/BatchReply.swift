import FoundationEssentials
import NIOCore

/// What a handler says of its batch: which events failed. The rules are those of Lambda's partial batch responses.
enum BatchReply: Hashable, Sendable {
    case allSucceeded
    case failed(Set<String>)
    /// The answer names something that cannot be: then the whole batch counts as failed, so that nothing is lost.
    case invalid(String)

    private struct Document: Decodable {
        struct Item: Decodable { var itemIdentifier: String? }
        var batchItemFailures: [Item]?
    }

    /// - Parameter ids: the identifiers of the batch.
    init(_ body: ByteBuffer, ids: [String]) {
        let text = body.readableBytesView
        guard text.contains(where: { $0 > 0x20 }), !text.elementsEqual("null".utf8) else {
            self = .allSucceeded
            return
        }
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(text)) else {
            // A handler that answers with something of its own did not mean to name failures; one that begins to name
            // them, and gets it wrong, did.
            let names = String(decoding: text, as: UTF8.self).contains("batchItemFailures")
            self = names ? .invalid("batchItemFailures is not a list of {\"itemIdentifier\": \"…\"}") : .allSucceeded
            return
        }
        var failed: Set<String> = []
        for item in document.batchItemFailures ?? [] {
            guard let id = item.itemIdentifier, !id.isEmpty else {
                self = .invalid("an itemIdentifier is missing or empty")
                return
            }
            guard ids.contains(id) else {
                self = .invalid("'\(id.prefix(80))' is no messageId of the batch")
                return
            }
            failed.insert(id)
        }
        self = failed.isEmpty ? .allSucceeded : .failed(failed)
    }
}
