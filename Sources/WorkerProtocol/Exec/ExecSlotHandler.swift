import FunctionModel
import NIOCore

/// One slot of an `exec` worker: one run at a time.
final class ExecSlotHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct Run {
        let id: InvocationID
        let number: UInt32
        var output: BodyCollector
        var isCancelled = false
    }

    private let worker: ExecWorkerChannel
    private var parser = ExecFrameParser()
    private var context: ChannelHandlerContext?
    private var run: Run?

    init(worker: ExecWorkerChannel) { self.worker = worker }

    var isFree: Bool { run == nil && context != nil }

    var invocation: InvocationID? { run?.id }

    // MARK: For the worker's channel

    func start(_ id: InvocationID, number: UInt32, _ message: ExecRunWriter.Message) {
        precondition(run == nil, "a slot has one run at a time")
        run = Run(id: id, number: number, output: BodyCollector(limit: worker.context.responseLimitBytes))
        guard let context else { return }
        context.write(wrapOutboundOut(message.bytes), promise: nil)
        if let input = message.input { context.write(wrapOutboundOut(input), promise: nil) }
        context.flush()
    }

    func cancel() {
        guard let run, !run.isCancelled else { return }
        self.run?.isCancelled = true
        context?.writeAndFlush(wrapOutboundOut(ExecRunWriter.cancel(run: run.number)), promise: nil)
    }

    func close() { context?.close(promise: nil) }

    // MARK: From the channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    /// Also of a channel that was closed before it was ever active, which is not told otherwise.
    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        worker.slotClosed()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        parser.append(unwrapInboundIn(data))
        do throws(ExecFrameParser.Problem) {
            while let frame = try parser.next() {
                switch frame {
                case .output(let number, let bytes): take(bytes, number)
                case .exit(let number, let exit): end(exit, number)
                }
            }
        } catch {
            worker.violated("Init sent a frame that makes no sense: \(error).")
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        worker.slotClosed()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        worker.event(.connectionFailed("\(error)"))
        context.close(promise: nil)
    }

    private func take(_ bytes: ByteBuffer, _ number: UInt32) {
        guard run?.number == number else { return worker.violated("Init sent output of a run that is not running.") }
        let wasTooLarge = run?.output.isTooLarge ?? false
        run?.output.add(bytes)
        guard let run, run.output.isTooLarge, !wasTooLarge, !run.isCancelled else { return }
        // Nobody wants the rest; EXIT still comes.
        context?.writeAndFlush(wrapOutboundOut(ExecRunWriter.cancel(run: number)), promise: nil)
    }

    private func end(_ exit: ExecExit, _ number: UInt32) {
        guard var ended = run, ended.number == number else {
            return worker.violated("Init reported the end of a run that is not running.")
        }
        run = nil
        let limit = worker.context.responseLimitBytes
        let reply: InvocationReply
        if ended.output.isTooLarge {
            reply = .failure(
                InvocationFailure(.responseTooLarge, "The command wrote more than \(limit) bytes."))
        } else if let failure = exit.failure {
            reply = .failure(failure)
        } else {
            reply = .result(ended.output.take())
        }
        worker.ended(ended.id, exit, ended.isCancelled ? nil : reply)
    }
}
