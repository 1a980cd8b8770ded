import CHiredis
import NIOCore

/// hiredis' incremental parser of RESP2, which builds ``RedisValue``s with nothing between.
///
/// Owns the parser and what it points to. Confined to the event loop of its socket.
struct RedisReplyReader: ~Copyable {
    private let reader: UnsafeMutablePointer<redisReader>
    /// The parser keeps a pointer to its table of functions.
    private let functions: UnsafeMutablePointer<redisReplyObjectFunctions>
    /// Retained in `init`, released in `deinit`: the parser's functions are given it.
    private let builder: Unmanaged<ReplyBuilder>

    /// What is fed at once: the parser moves what is left in its buffer after each reply.
    static let sliceBytes = 16_384

    init() {
        functions = .allocate(capacity: 1)
        functions.initialize(to: ReplyBuilder.functions)
        guard let reader = redisReaderCreateWithFunctions(functions) else {
            preconditionFailure("there is no memory for a parser")
        }
        self.reader = reader
        builder = .passRetained(ReplyBuilder())
        glo_redis_reader_set_context(reader, builder.toOpaque())
    }

    deinit {
        redisReaderFree(reader)
        functions.deallocate()
        builder.release()
    }

    /// Takes bytes that came; at most ``sliceBytes`` at once are best.
    func feed(_ bytes: ByteBuffer) throws(RedisError) {
        let status = bytes.withUnsafeReadableBytes { bytes in
            redisReaderFeed(reader, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard status == REDIS_OK else { throw failure() }
    }

    /// The next whole reply; nil when more bytes are needed. After an error the parser is of no more use.
    func next() throws(RedisError) -> RedisValue? {
        var reply: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &reply) == REDIS_OK else { throw failure() }
        guard reply != nil else { return nil }
        return builder._withUnsafeGuaranteedRef { $0.take() }
    }

    private func failure() -> RedisError {
        let what = String(cString: glo_redis_reader_error(reader))
        return RedisError(
            .protocolViolation, "What came is not the Redis protocol: \(what).",
            hint: "Check that the endpoint is a Redis server.")
    }
}
