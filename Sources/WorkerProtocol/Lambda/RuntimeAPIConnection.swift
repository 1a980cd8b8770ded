import BatchedWrites
import FunctionModel
import HTTPCodec
import NIOCore

/// One connection of a Lambda client: reads its requests, hands them to the worker's channel and writes the answers.
///
/// Requests of a connection are answered in order: while a `/next` waits, nothing more of it is parsed.
final class RuntimeAPIConnection: ChannelInboundHandler, FlushTarget {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The request that is being read or answered.
    private enum Exchange {
        case none
        /// A request without a body that means anything; carried out at its end.
        case simple(RuntimeAPIRoute)
        case answer(RuntimeAPIAnswer)
        case initError(RuntimeAPIAnswerHead, BodyCollector)
        case register(name: String?)
        /// A `/next`, or an extension's, that waits.
        case parked
    }

    let id: Int
    private let worker: LambdaWorkerChannel
    /// `/error` may carry a megabyte of stack in a header field.
    private var parser = HTTPRequestParser(
        limits: HTTPParserLimits(startLineBytes: 16_384, headerBytes: 2 << 20, fieldCount: 256), requiresHost: false)
    private var context: ChannelHandlerContext?
    private var exchange = Exchange.none
    private var keepsAlive = true
    private var isDraining = false
    /// Whether requests that have arrived wait for others' turn. Nothing is read meanwhile.
    private var isYielding = false
    private var needsFlush = false
    /// All that is written and not flushed is one 202.
    private var isOnlyAcceptance = false
    private var isFlushQueued = false
    private var isPaused = false
    private var isClosing = false

    /// Requests of one connection that are looked at in one turn of the loop. An honest client sends one or two.
    private static let maxRequestsAtOnce = 16
    /// Bytes that a client may send ahead while its `/next` waits.
    private static let sentAheadLimit = 65_536

    init(id: Int, worker: LambdaWorkerChannel) {
        self.id = id
        self.worker = worker
    }

    // MARK: For the worker's channel

    /// Answers the `/next` that waits on this connection.
    func deliver(_ invocation: Invocation) {
        exchange = .none
        let message = worker.render(invocation, closing: !keepsAlive)
        write(message.bytes)
        if let body = message.body { write(body) }
        finishExchange()
        if !isDraining { drain() }
        flushSoon()
    }

    /// Whether the answer of this invocation is being read here.
    func isAnswering(_ id: InvocationID) -> Bool {
        switch exchange {
        case .answer(let answer): answer.id == id
        case .none, .simple, .initError, .register, .parked: false
        }
    }

    /// Forwards nothing more of the answer that is being read.
    func dropAnswer() {
        guard case .answer(var answer) = exchange else { return }
        answer.handling = .discarded(nil)
        exchange = .answer(answer)
        setReading(true)
    }

    func setReading(_ isOn: Bool) {
        guard let context, isOn == isPaused else { return }
        isPaused = !isOn
        try? context.channel.syncOptions?.setOption(.autoRead, value: isOn)
        if isOn { context.read() }
    }

    func close() {
        isClosing = true
        // A 202 may be held back.
        context?.flush()
        context?.close(promise: nil)
    }

    // MARK: From the channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        parser.append(unwrapInboundIn(data))
        drain()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flushSoon()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosing = true
        abandon()
        worker.connectionClosed(id)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.inputClosed) = event as? ChannelEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        // The client sends no more. If it broke off in the middle of a request, it may still read why.
        if case .parked = exchange { return close() }
        if parser.isBetweenMessages { close() } else { refuse(.truncated) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        worker.connectionFailed("\(error)")
        close()
    }

    // MARK: Requests

    private func drain() {
        guard !isYielding else { return }
        isDraining = true
        defer { isDraining = false }
        var requests = 0
        while !isClosing {
            if requests >= Self.maxRequestsAtOnce, parser.bufferedBytes > 0 { return yieldTurn() }
            if case .parked = exchange {
                if parser.bufferedBytes > Self.sentAheadLimit { close() }
                return
            }
            do throws(HTTPParseError) {
                guard let event = try parser.next() else { return }
                switch event {
                case .head(let head): begin(head)
                case .body(let bytes): take(bytes)
                case .trailers(let fields): take(trailers: fields)
                case .end:
                    requests += 1
                    end()
                }
            } catch {
                worker.event(.malformedRequest(error))
                refuse(.malformed(error))
                return
            }
        }
    }

    /// A handler that sends requests without end must not slow the others down.
    private func yieldTurn() {
        guard let loop = context?.eventLoop else { return }
        isYielding = true
        setReading(false)
        // A task without a delay would run before the loop looks at sockets again.
        loop.assumeIsolated().scheduleTask(in: .milliseconds(1)) { [weak self] in
            guard let self else { return }
            isYielding = false
            setReading(true)
            drain()
            flushSoon()
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        keepsAlive = head.keepAlive && head.minorVersion > 0
        let route = RuntimeAPIRoute(head.method, path: head.path)
        switch route {
        case .response(let id): exchange = beginAnswer(.response, id, head.fields)
        case .error(let id): exchange = beginAnswer(.error, id, head.fields)
        case .initError:
            exchange = .initError(
                RuntimeAPIAnswerHead(head.fields), BodyCollector(limit: worker.context.responseLimitBytes))
        case .extensionRegister:
            exchange = .register(name: head.fields.first("lambda-extension-name"))
        case .extensionNext, .extensionInitError, .extensionExitError:
            let isKnown = worker.isExtension(head.fields.first("lambda-extension-identifier"))
            exchange = isKnown ? .simple(route) : .register(name: "")
        case .next:
            worker.identify(head.fields)
            exchange = .simple(route)
        case .restoreNext, .restoreError, .ping, .logs, .telemetry, .wrongMethod, .unknown:
            exchange = .simple(route)
        }
        if head.expectsContinue, head.framing != .none {
            var buffer = ByteBuffer()
            HTTPWriter.writeContinue(into: &buffer)
            write(buffer)
        }
    }

    private func beginAnswer(_ kind: RuntimeAPIAnswer.Kind, _ id: InvocationID?, _ fields: HTTPFields) -> Exchange {
        let head = RuntimeAPIAnswerHead(fields)
        guard let id else {
            worker.event(.refusedAnswer(nil))
            return .answer(refused(.invalidID, head, kind, InvocationID(high: 0, low: 0)))
        }
        let decision = worker.answerBegan(id, on: self.id, delivery: head.delivery)
        switch decision {
        case .unknown:
            worker.event(.refusedAnswer(id))
            return .answer(refused(.invalidID, head, kind, id))
        case .forbidden:
            worker.event(.refusedAnswer(id))
            return .answer(refused(.alreadyAnswered, head, kind, id))
        case .dropForeign:
            worker.event(.foreignAnswer(id))
            return .answer(answer(id, kind, head, .discarded(nil), isCounted: false))
        case .dropLate:
            worker.event(.lateAnswer(id))
            return .answer(answer(id, kind, head, .discarded(nil), isCounted: true))
        case .take:
            return .answer(begin(id, kind, head))
        }
    }

    /// An answer that counts.
    private func begin(
        _ id: InvocationID, _ kind: RuntimeAPIAnswer.Kind, _ head: RuntimeAPIAnswerHead
    ) -> RuntimeAPIAnswer {
        guard kind == .response else { return answer(id, kind, head, .buffered, isCounted: true) }
        if head.mode == .invalid {
            var refused = answer(id, kind, head, .discarded(LambdaFailure.invalidMode(id)), isCounted: true)
            refused.refusal = .invalidMode
            return refused
        }
        guard head.isStreamed || worker.wantsStream(id) else {
            return answer(id, kind, head, .buffered, isCounted: true)
        }
        if head.hasPrelude { return answer(id, kind, head, .prelude(StreamPrelude()), isCounted: true) }
        let type = head.contentType ?? "application/octet-stream"
        let response = HTTPResponseHead(status: 200, fields: HTTPFields([("content-type", type)]), framing: .chunked)
        guard head.isStreamed else { return answer(id, kind, head, .beginning(response), isCounted: true) }
        worker.reply(.responseHead(response), to: id)
        return answer(id, kind, head, .streaming, isCounted: true)
    }

    private func answer(
        _ id: InvocationID, _ kind: RuntimeAPIAnswer.Kind, _ head: RuntimeAPIAnswerHead,
        _ handling: RuntimeAPIAnswer.Handling, isCounted: Bool
    ) -> RuntimeAPIAnswer {
        RuntimeAPIAnswer(
            id: id, kind: kind, head: head, handling: handling,
            collector: BodyCollector(limit: worker.context.responseLimitBytes), isCounted: isCounted)
    }

    private func refused(
        _ reply: RuntimeAPIReply, _ head: RuntimeAPIAnswerHead, _ kind: RuntimeAPIAnswer.Kind, _ id: InvocationID
    ) -> RuntimeAPIAnswer {
        var refused = answer(id, kind, head, .discarded(nil), isCounted: false)
        refused.refusal = reply
        return refused
    }

    private func take(_ bytes: ByteBuffer) {
        switch exchange {
        case .answer(var answer):
            // The copy here would make the collector's buffer shared, and each piece copy all before it.
            exchange = .none
            let chunk = take(bytes, into: &answer)
            let id = answer.id
            exchange = .answer(answer)
            if let chunk { worker.forward(chunk, to: id) }
        case .initError(let head, var collector):
            exchange = .none
            collector.add(bytes)
            exchange = .initError(head, collector)
        case .none, .simple, .register, .parked: break
        }
    }

    /// Gives what is to be passed on: a head, bytes, or both.
    private func take(_ bytes: ByteBuffer, into answer: inout RuntimeAPIAnswer) -> LambdaWorkerChannel.Chunk? {
        switch answer.handling {
        case .buffered:
            answer.collector.add(bytes)
            return nil
        case .streaming:
            return LambdaWorkerChannel.Chunk(head: nil, bytes: bytes)
        case .beginning(let head):
            answer.handling = .streaming
            return LambdaWorkerChannel.Chunk(head: head, bytes: bytes)
        case .discarded:
            return nil
        case .prelude(var prelude):
            answer.handling = .discarded(nil)
            switch prelude.add(bytes) {
            case .incomplete:
                answer.handling = .prelude(prelude)
                return nil
            case .failed(let sentence):
                answer.handling = .discarded(LambdaFailure.invalidPrelude(sentence))
                return nil
            case .head(let head, let rest):
                answer.handling = .streaming
                return LambdaWorkerChannel.Chunk(head: head, bytes: rest)
            }
        }
    }

    private func take(trailers: HTTPFields) {
        guard case .answer(var answer) = exchange else { return }
        answer.note(trailers: trailers)
        exchange = .answer(answer)
    }

    // MARK: Ends of requests

    private func end() {
        let ended = exchange
        exchange = .none
        switch ended {
        case .simple(.next): worker.poll(on: self)
        case .simple(.extensionNext): exchange = .parked
        case .simple(let route): send(Self.reply(to: route))
        case .answer(let answer): end(answer)
        case .initError(let head, var collector): endInitError(head, collector.take())
        case .register(let name): register(name)
        case .none, .parked: preconditionFailure("a request ends after its head")
        }
    }

    /// The client is answered first, then the caller: what the client does next overlaps with the caller's work.
    private func end(_ answer: RuntimeAPIAnswer) {
        // Whoever held it back cannot ask for more of it: it is over, and the client's next request must be read.
        setReading(true)
        var answer = answer
        let final = finalReply(of: &answer)
        if let refusal = answer.refusal {
            send(refusal)
        } else {
            sendAccepted()
        }
        if answer.isCounted { worker.answerEnded(answer.id, final) }
    }

    /// The last reply to the caller; nil when it must hear nothing.
    private func finalReply(of answer: inout RuntimeAPIAnswer) -> InvocationReply? {
        let streamError =
            answer.trailerErrorType.isEmpty
            ? nil : LambdaFailure.stream(type: answer.trailerErrorType, body: answer.trailerErrorBody)
        switch answer.handling {
        case .discarded(let failure): return failure.map { .failure($0) }
        case .beginning: return streamError.map { .failure($0) } ?? .result(ByteBuffer())
        case .streaming: return streamError.map { .failure($0) } ?? .responseEnd
        case .prelude: return .failure(streamError ?? LambdaFailure.invalidPrelude("It has no end."))
        case .buffered:
            if answer.collector.isTooLarge {
                let limit = worker.context.responseLimitBytes
                answer.refusal = .tooLarge(limit: limit)
                return .failure(LambdaFailure.responseTooLarge(limit: limit))
            }
            let body = answer.collector.take()
            switch answer.kind {
            case .response: return streamError.map { .failure($0) } ?? .result(body)
            case .error:
                let document = answer.head.isErrorCause ? ErrorCause.stripped(body) : body
                return .failure(LambdaFailure.posted(.handlerFailed, type: answer.head.errorType, document))
            }
        }
    }

    private func endInitError(_ head: RuntimeAPIAnswerHead, _ document: ByteBuffer) {
        guard worker.initErrorPosted() else {
            send(.initErrorTooLate)
            return
        }
        send(.accepted)
        worker.initFailed(LambdaFailure.posted(.handlerInitFailed, type: head.errorType, document))
    }

    /// An empty name stands for an identifier that nobody was given.
    private func register(_ name: String?) {
        switch worker.register(extension: name) {
        case .registered(let identifier, let body):
            let reply = RuntimeAPIReply(status: 200, body: body)
            write(
                reply.rendered(
                    closing: !keepsAlive, extraFields: [(name: "Lambda-Extension-Identifier", value: identifier)]))
            finishExchange()
        case .refused(let reply): send(reply)
        }
    }

    private static func reply(to route: RuntimeAPIRoute) -> RuntimeAPIReply {
        switch route {
        case .ping: .pong
        case .restoreNext: .restored
        case .restoreError, .extensionInitError, .extensionExitError: .accepted
        case .logs: .noLogs
        case .telemetry: .noTelemetry
        case .wrongMethod: .wrongMethod
        case .unknown: .notFound
        case .next, .response, .error, .initError, .extensionRegister, .extensionNext:
            preconditionFailure("these are no fixed answers")
        }
    }

    // MARK: Writing

    /// Keeps the request open until ``deliver(_:)``. A 202 that a client does not wait for leaves with the next event,
    /// so that it is woken once for an invocation and not twice.
    func park() {
        exchange = .parked
        if isOnlyAcceptance, worker.isPipelined { needsFlush = false }
    }

    func send(_ reply: RuntimeAPIReply) {
        write(reply.rendered(closing: !keepsAlive))
        finishExchange()
    }

    private func sendAccepted() {
        guard keepsAlive else { return send(.accepted) }
        let isFirst = !needsFlush
        write(worker.accepted)
        isOnlyAcceptance = isFirst
    }

    /// Says why and closes: nothing that follows on this connection can be understood.
    private func refuse(_ reply: RuntimeAPIReply) {
        keepsAlive = false
        abandon()
        send(reply)
    }

    /// The request that is being read will never be whole.
    private func abandon() {
        let broken = exchange
        exchange = .none
        guard case .answer(let answer) = broken, answer.isCounted else { return }
        let failure: InvocationFailure?
        switch answer.handling {
        case .discarded(let planned): failure = planned
        case .buffered, .prelude, .beginning, .streaming: failure = LambdaFailure.truncated(answer.id)
        }
        worker.answerEnded(answer.id, failure.map { .failure($0) })
    }

    private func write(_ buffer: ByteBuffer) {
        guard let context else { return }
        context.write(wrapOutboundOut(buffer), promise: nil)
        needsFlush = true
        isOnlyAcceptance = false
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
        isOnlyAcceptance = false
        context?.flush()
    }

    /// Closes behind the answer when the client or the protocol wants that.
    private func finishExchange() {
        guard !keepsAlive, let context, !isClosing else { return }
        isClosing = true
        needsFlush = false
        // An empty write behind all others: its promise says that they have left.
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
        written.futureResult.assumeIsolated().whenComplete { [weak self] _ in self?.context?.close(promise: nil) }
    }
}
