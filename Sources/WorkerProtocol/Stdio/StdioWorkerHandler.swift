import NIOCore

/// Passes what a `stdio` handler writes to its channel, and closes with it.
final class StdioWorkerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let worker: StdioWorkerChannel
    private var context: ChannelHandlerContext?

    init(worker: StdioWorkerChannel) { self.worker = worker }

    func write(_ bytes: ByteBuffer) {
        context?.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }

    func close() { context?.close(promise: nil) }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    /// Also of a channel that was closed before it was ever active, which is not told otherwise.
    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        worker.ended()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { worker.read(unwrapInboundIn(data)) }

    func channelInactive(context: ChannelHandlerContext) {
        worker.ended()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        worker.event(.connectionFailed("\(error)"))
        context.close(promise: nil)
    }
}
