import BatchedWrites
import NIOCore
import NIOPosix

/// One connection's life: bytes out, replies in. Confined to its event loop.
final class RedisSocket: ChannelInboundHandler, FlushTarget {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Where a socket connects to.
    enum Address: Sendable, Hashable {
        case tcp(RedisAddress)
        case unixSocket(path: String)
    }

    private let flushes: FlushQueue
    private weak var delegate: (any RedisSocketDelegate)?
    private let reader = RedisReplyReader()
    private var context: ChannelHandlerContext?
    /// The small commands of this turn of the loop.
    private var outgoing = ByteBuffer()
    private var isFlushQueued = false
    private var isEnded = false
    private var failure: RedisError?

    /// A command as large as this goes out as it is; smaller ones are copied together.
    private static let largeBytes = 32_768

    init(flushes: FlushQueue, delegate: any RedisSocketDelegate) {
        self.flushes = flushes
        self.delegate = delegate
    }

    // MARK: For its owner

    func connect(to address: Address, on loop: any EventLoop, timeoutMilliseconds: Int) {
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.milliseconds(Int64(timeoutMilliseconds)))
            // What came is read at once up to 64 KiB; asking again would mostly find nothing.
            .channelOption(.maxMessagesPerRead, value: 1)
        let channel =
            switch address {
            case .tcp(let address): bootstrap.connect(host: address.host, port: address.port)
            case .unixSocket(let path): bootstrap.connect(unixDomainSocketPath: path)
            }
        // A host with several addresses is tried on several channels: only the one that won becomes this socket's.
        channel.assumeIsolated().whenComplete { result in self.connected(result, address) }
    }

    /// Sends with whatever else this turn of the loop sends.
    func write(_ command: RedisCommand) {
        guard let context, !isEnded else { return }
        command.writeHeader(into: &outgoing)
        if command.encoded.readableBytes < Self.largeBytes {
            outgoing.writeImmutableBuffer(command.encoded)
        } else {
            context.write(wrapOutboundOut(outgoing), promise: nil)
            outgoing.clear()
            context.write(wrapOutboundOut(command.encoded), promise: nil)
        }
        guard !isFlushQueued else { return }
        isFlushQueued = true
        flushes.add(self)
    }

    /// Closes without a word to the delegate.
    func close() {
        isEnded = true
        delegate = nil
        context?.close(promise: nil)
    }

    func flushQueuedWrites() {
        isFlushQueued = false
        guard let context, !isEnded else { return }
        guard outgoing.readableBytes > 0 else { return context.flush() }
        context.writeAndFlush(wrapOutboundOut(outgoing), promise: nil)
        outgoing.clear()
    }

    // MARK: From the channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        do throws(RedisError) {
            while !isEnded, bytes.readableBytes > 0,
                let slice = bytes.readSlice(length: min(bytes.readableBytes, RedisReplyReader.sliceBytes))
            {
                try reader.feed(slice)
                while !isEnded, let value = try reader.next() { delegate?.socket(self, received: value) }
            }
        } catch {
            fail(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(failure ?? RedisError(.connectionLost, "The server closed the connection."))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(RedisError(.connectionLost, "The connection broke: \(ConnectFailure.sentence(error))."))
    }

    // MARK: Internals

    private func connected(_ result: Result<any Channel, any Error>, _ address: Address) {
        switch result {
        case .failure(let error): end(ConnectFailure.error(error, to: address))
        case .success(let channel):
            guard !isEnded else { return channel.close(promise: nil) }
            if case .tcp = address {
                try? channel.syncOptions?.setOption(.socketOption(.so_keepalive), value: 1)
            }
            do {
                try channel.pipeline.syncOperations.addHandler(self)
                delegate?.socketConnected(self)
            } catch {
                channel.close(promise: nil)
                end(ConnectFailure.error(error, to: address))
            }
        }
    }

    private func fail(_ reason: RedisError) {
        if failure == nil { failure = reason }
        context?.close(promise: nil)
    }

    private func end(_ reason: RedisError) {
        guard !isEnded else { return }
        isEnded = true
        delegate?.socketEnded(self, reason)
    }
}
