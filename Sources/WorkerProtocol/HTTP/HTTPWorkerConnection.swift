import BatchedWrites
import FunctionModel
import HTTPCodec
import NIOCore

/// One connection to an `http` handler: writes one request at a time and reads its response.
final class HTTPWorkerConnection: ChannelInboundHandler, FlushTarget {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How a request on this connection ended.
    enum End {
        /// The response is complete; `isReusable`: the server keeps the connection open.
        case responded(isReusable: Bool)
        /// The connection ended before a byte of the response.
        case silent
        /// The response broke off or breaks HTTP's rules.
        case broken(HTTPParseError)
    }

    let id: Int
    private let worker: HTTPWorkerChannel
    private var parser = HTTPResponseParser(
        limits: HTTPParserLimits(startLineBytes: 16_384, headerBytes: 262_144, fieldCount: 512))
    private var context: ChannelHandlerContext?
    private var invocation: InvocationID?
    private var keepsAlive = true
    private var needsFlush = false
    private var isFlushQueued = false
    private var isPaused = false
    private var isDone = false
    private var wasActive = false

    init(id: Int, worker: HTTPWorkerChannel) {
        self.id = id
        self.worker = worker
    }

    // MARK: For the worker's channel

    func send(_ message: HTTPRequestWriter.Message, of invocation: InvocationID) {
        self.invocation = invocation
        parser.expectResponse(to: message.method)
        guard let context else { return }
        context.write(wrapOutboundOut(message.bytes), promise: nil)
        if let body = message.body { context.write(wrapOutboundOut(body), promise: nil) }
        needsFlush = true
        flushSoon()
    }

    /// Forgets the request and closes.
    func close() {
        isDone = true
        invocation = nil
        context?.close(promise: nil)
    }

    func setReading(_ isOn: Bool) {
        guard let context, isOn == isPaused else { return }
        isPaused = !isOn
        try? context.channel.syncOptions?.setOption(.autoRead, value: isOn)
        if isOn { context.read() }
    }

    // MARK: From the channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        // It was closed before it was ever active, which is not told otherwise.
        if !wasActive, !isDone { worker.neverOpened(id) }
    }

    func channelActive(context: ChannelHandlerContext) {
        wasActive = true
        worker.opened(self)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        parser.append(unwrapInboundIn(data))
        drain()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flushSoon()
    }

    func channelInactive(context: ChannelHandlerContext) {
        defer { context.fireChannelInactive() }
        guard !isDone else { return worker.closed(id) }
        guard invocation != nil else {
            isDone = true
            return worker.closed(id)
        }
        let isSilent = !parser.hasBegun
        do throws(HTTPParseError) {
            _ = try parser.finish()
            keepsAlive = false
            ended(.responded(isReusable: false))
        } catch {
            ended(isSilent ? .silent : .broken(error))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !isDone { worker.event(.connectionFailed("\(error)")) }
        context.close(promise: nil)
    }

    private func drain() {
        do throws(HTTPParseError) {
            while !isDone, let event = try parser.next() {
                guard let invocation else { preconditionFailure("a response has a request") }
                switch event {
                case .head(let head):
                    keepsAlive = head.keepAlive
                    worker.reply(.responseHead(Self.passedOn(head)), to: invocation)
                case .body(let bytes): worker.reply(.responseChunk(bytes), to: invocation)
                case .trailers: break
                case .end:
                    // Bytes behind the response would be taken for the answer to the next request.
                    ended(.responded(isReusable: keepsAlive && parser.bufferedBytes == 0))
                }
            }
        } catch {
            if invocation == nil {
                // Bytes that nobody asked for, such as a 408 before the server closes an idle connection.
                isDone = true
                context?.close(promise: nil)
            } else {
                ended(.broken(error))
            }
        }
    }

    private func ended(_ end: End) {
        guard let ended = invocation else { return }
        invocation = nil
        switch end {
        // Whoever held the response back cannot ask for more of it: it is over, and the next one must be read.
        case .responded(isReusable: true): setReading(true)
        case .responded(isReusable: false), .silent, .broken: isDone = true
        }
        // The worker first: closing reports at once that the connection is gone, which must not come before the reply.
        worker.ended(ended, on: id, end)
        if isDone { context?.close(promise: nil) }
    }

    /// The head without what concerned this connection only. The length stays known to whoever writes it.
    private static func passedOn(_ head: HTTPResponseHead) -> HTTPResponseHead {
        var head = head
        head.fields.removeHopByHop()
        switch head.framing {
        case .untilClose, .chunked: head.framing = .chunked
        case .none, .length: break
        }
        return head
    }

    /// Flushes at the end of the loop's turn, so that what comes together leaves together.
    private func flushSoon() {
        guard needsFlush, !isFlushQueued else { return }
        isFlushQueued = true
        worker.flushes.add(self)
    }

    func flushQueuedWrites() {
        isFlushQueued = false
        guard needsFlush else { return }
        needsFlush = false
        context?.flush()
    }
}
