import CHiredis
import NIOCore

/// Puts a reply together from what the parser finds, in the order in which it finds it.
final class ReplyBuilder {
    private struct OpenArray {
        var values: [RedisValue]
        var missing: Int
    }

    /// The arrays that are not complete yet, the innermost last. The parser nests seven deep at most.
    private var open: [OpenArray] = []
    private var root: RedisValue?

    /// An array's header only promises its elements: room is made for this many before they come.
    private static let trustedCount = 1024

    /// The reply that is complete.
    func take() -> RedisValue? {
        defer { root = nil }
        return root
    }

    private func add(_ value: RedisValue) {
        var value = value
        while true {
            guard !open.isEmpty else {
                root = value
                return
            }
            open[open.count - 1].values.append(value)
            open[open.count - 1].missing -= 1
            guard open[open.count - 1].missing == 0 else { return }
            value = .array(open.removeLast().values)
        }
    }

    private func beginArray(_ count: Int) {
        guard count > 0 else { return add(.array([])) }
        var values: [RedisValue] = []
        values.reserveCapacity(min(count, Self.trustedCount))
        open.append(OpenArray(values: values, missing: count))
    }

    private func addText(_ kind: Int32, _ bytes: UnsafeRawBufferPointer) {
        switch kind {
        case REDIS_REPLY_STATUS: add(.simple(String(decoding: bytes, as: UTF8.self)))
        case REDIS_REPLY_ERROR: add(.error(RedisServerError(String(decoding: bytes, as: UTF8.self))))
        default:
            var buffer = ByteBufferAllocator().buffer(capacity: bytes.count)
            buffer.writeBytes(bytes)
            add(.bytes(buffer))
        }
    }
}

extension ReplyBuilder {
    /// What the parser calls. Each returns something that is not null, for null means that there is no memory.
    static var functions: redisReplyObjectFunctions {
        redisReplyObjectFunctions(
            createString: { task, bytes, count in
                ReplyBuilder.with(task) { $0.addText(task?.pointee.type ?? 0, .init(start: bytes, count: count)) }
            },
            createArray: { task, count in ReplyBuilder.with(task) { $0.beginArray(Int(count)) } },
            createInteger: { task, number in ReplyBuilder.with(task) { $0.add(.integer(number)) } },
            createNil: { task in ReplyBuilder.with(task) { $0.add(.null) } },
            // The values are the builder's; when the parser gives up, so does its owner.
            freeObject: { _ in })
    }

    private static func with(
        _ task: UnsafePointer<redisReadTask>?, _ body: (ReplyBuilder) -> Void
    ) -> UnsafeMutableRawPointer? {
        guard let context = task?.pointee.privdata else { return nil }
        Unmanaged<ReplyBuilder>.fromOpaque(context)._withUnsafeGuaranteedRef(body)
        return context
    }
}
