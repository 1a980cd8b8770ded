import NIOCore
import RedisClient

extension EventStore {
    /// Content files that nothing refers to any more: the caller removes them, now.
    package func blobs(limit: Int, _ done: @escaping (Result<[String], EventStoreError>) -> Void) {
        perform(call("glo_blobs", String(limit)), { $0.items?.compactMap(\.text) }, done)
    }

    /// Whether events refer to these content files, in their order.
    package func blobKnown(_ refs: [String], _ done: @escaping (Result<[Bool], EventStoreError>) -> Void) {
        var call = call("glo_blob_known")
        for ref in refs { call.add(ref) }
        perform(
            call,
            { value in
                guard let numbers = value.numbers, numbers.count == refs.count else { return nil }
                return numbers.map { $0 != 0 }
            }, done)
    }
}
