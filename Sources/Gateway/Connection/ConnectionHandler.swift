import BatchedWrites
import DispatchCore
import FunctionModel
import Glibc
import HTTPCodec
import Logging
import NIOCore

/// One client's connection: it carries out what ``ConnectionStateMachine`` decides.
final class ConnectionHandler: ChannelDuplexHandler, FlushTarget {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let gateway: GatewayContext
    let peer: Peer
    /// Where the connection stands in the registry; nil when it is in none.
    var registryIndex: Int?
    var machine: ConnectionStateMachine
    var context: ChannelHandlerContext?
    var exchange: GatewayExchange?
    var request: RequestInHand?
    var envelope = AnswerEnvelope()
    var outgoing = OutgoingBody.suppressed
    private var parser: HTTPRequestParser
    /// Set for a connection that is turned away without being read.
    private let refusal: ProblemDocument?
    var isRefused: Bool { refusal != nil }
    private var isProcessing = false
    /// Whether requests that have arrived wait for others' turn.
    private var isYielding = false
    private var endsAfterYield = false
    /// Between a read and its completion writes are collected and flushed once.
    private var needsFlush = false
    private var isFlushQueued = false
    private var holdsReads = false
    private var readWasHeld = false
    /// What the body in hand holds of the gateway's budget while it arrives.
    private var heldBodyBytes = 0
    /// Whether a drain has found the connection idle, and nothing has come since.
    private var wasIdleInDrain = false

    init(gateway: GatewayContext, peer: Peer, refusal: ProblemDocument? = nil) {
        self.gateway = gateway
        self.peer = peer
        self.refusal = refusal
        machine = ConnectionStateMachine(configuration: gateway.configuration, now: gateway.clock.now())
        parser = HTTPRequestParser(limits: gateway.parserLimits)
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { opened() }
    }

    func channelActive(context: ChannelHandlerContext) {
        opened()
        context.fireChannelActive()
    }

    private func opened() {
        guard registryIndex == nil else { return }
        gateway.connectionOpened(self)
        if let refusal {
            machine.parsingFailed()
            envelope = AnswerEnvelope(keepAlive: false)
            answer(refusal)
        } else if gateway.isDraining {
            machine.drain()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        closed()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        closed()
        self.context = nil
    }

    /// Lets go of all that waits for this connection; the second time has no effect.
    private func closed() {
        machine.closed()
        gateway.connectionClosed(self)
        request = nil
        releaseBody()
        guard let exchange else { return }
        self.exchange = nil
        exchange.detach()
        if let function = exchange.function { gateway.delegate.clientLeft(exchange.id, of: function) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        wasIdleInDrain = false
        switch machine.bytesArrived(bytes.readableBytes, now: gateway.clock.now()) {
        case .parse:
            parser.append(bytes)
            if isYielding, parser.bufferedBytes > gateway.configuration.maxPipelinedBytes { holdsReads = true }
            process()
        case .hold:
            parser.append(bytes)
            if parser.bufferedBytes > gateway.configuration.maxPipelinedBytes { holdsReads = true }
        case .discard: break
        case .close: close()
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { flushSoon() }

    func read(context: ChannelHandlerContext) {
        if holdsReads { readWasHeld = true } else { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            inputEnded()
        case ChannelEvent.outputClosed: machine.outputShut(now: gateway.clock.now())
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func inputEnded() {
        // What waits for its turn came before the end.
        endsAfterYield = isYielding
        guard !isYielding else { return }
        if machine.inputShut(hasHeldBytes: parser.bufferedBytes > 0) == .close { close() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        exchange?.setPaused(!context.channel.isWritable)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A client that resets its connection is no event; the close that follows tidies up.
        gateway.logger.trace("connection failed", metadata: ["error": "\(error)"])
        close()
    }

    // MARK: Requests

    /// Requests of one connection that are looked at in one turn of the loop. Many that the gateway answers itself would
    /// hold up everybody else.
    static let maxRequestsAtOnce = 64

    /// Parses what has arrived until a request is in flight or more bytes are needed.
    func process() {
        guard !isProcessing, !isYielding else { return }
        isProcessing = true
        defer { isProcessing = false }
        var requests = 0
        while machine.parses {
            do throws(HTTPParseError) {
                guard let event = try parser.next() else { break }
                handle(event)
                if case .end = event { requests += 1 }
            } catch {
                fail(error)
            }
            if requests == Self.maxRequestsAtOnce, parser.bufferedBytes > 0, machine.parses {
                yieldTurn()
                break
            }
        }
        guard !isYielding else { return }
        if parser.bufferedBytes > 0 { machine.heldBytesRemain(now: gateway.clock.now()) }
        if let action = machine.heldBytesExhausted() { carryOut(action) }
        resumeReading()
    }

    /// Lets others have the loop before the next of many requests that came together.
    private func yieldTurn() {
        guard let loop = context?.eventLoop else { return }
        isYielding = true
        if parser.bufferedBytes > gateway.configuration.maxPipelinedBytes { holdsReads = true }
        // A task without a delay would run before the loop looks at sockets again.
        loop.assumeIsolated().scheduleTask(in: .milliseconds(1)) { [weak self] in
            guard let self else { return }
            isYielding = false
            process()
            if endsAfterYield { inputEnded() }
            flushSoon()
        }
    }

    private func resumeReading() {
        guard holdsReads, !isYielding,
            parser.bufferedBytes <= gateway.configuration.maxPipelinedBytes || machine.parses
        else { return }
        holdsReads = false
        guard readWasHeld else { return }
        readWasHeld = false
        context?.read()
    }

    private func handle(_ event: HTTPRequestEvent) {
        switch event {
        case .head(let head): begin(head)
        case .body(let bytes): take(bytes)
        case .trailers: break
        case .end: if machine.state == .readingBody || request != nil { complete() }
        }
    }

    private func begin(_ received: HTTPRequestHead) {
        var head = received
        // Whoever asks for a tunnel goes on with bytes that are no requests.
        if head.method == .connect { head.keepAlive = false }
        let purpose = purpose(of: head)
        let maxBodyBytes = maxBodyBytes(for: purpose)
        envelope = AnswerEnvelope(
            isHead: head.method == .head, minorVersion: head.minorVersion, keepAlive: head.keepAlive)
        if case .invoke(let route, _) = purpose, let policies = route.policies { prepareAnswer(head, policies) }
        let action = machine.headParsed(
            ConnectionStateMachine.Head(
                framing: head.framing, keepAlive: head.keepAlive, expectsContinue: head.expectsContinue,
                maxBodyBytes: maxBodyBytes, isRefused: purpose.isRefusal),
            now: gateway.clock.now())
        switch action {
        case .complete: request = RequestInHand(head: head, purpose: purpose)
        case .readBody(let sendContinue):
            request = RequestInHand(head: head, purpose: purpose)
            if sendContinue, parser.bufferedBytes == 0 { writeContinue() }
        case .answerTooLarge: answerTooLarge(head, purpose, maxBodyBytes)
        case .answerRefusal: refuse(purpose)
        }
        if case .complete = action { complete() }
    }

    /// Answers before the body of the request has come, which is not wanted.
    private func refuse(_ purpose: RequestInHand.Purpose) {
        switch purpose {
        case .answer(let own): answer(own)
        case .stored: answer(ProblemDocument(.badRequest, "A request for an invocation has no body."))
        case .invoke, .whole: preconditionFailure("a request was refused without a reason")
        }
    }

    private func take(_ bytes: ByteBuffer) {
        switch machine.bodyParsed(bytes.readableBytes, now: gateway.clock.now()) {
        case .keep:
            guard gateway.bodies.take(bytes.readableBytes, held: heldBodyBytes) else { return giveUpBody() }
            heldBodyBytes += bytes.readableBytes
            request?.append(bytes)
        case .discard: break
        case .answerTooLarge:
            guard let request else { preconditionFailure("a body is kept for a request") }
            answerTooLarge(request.head, request.purpose, maxBodyBytes(for: request.purpose))
        }
    }

    /// Others hold all that half-read bodies may hold.
    private func giveUpBody() {
        request = nil
        releaseBody()
        machine.bodyGivenUp()
        envelope.keepAlive = false
        answer(
            ProblemDocument(
                .tooManyBodies, "The request bodies that are arriving take as much memory as they may together."))
    }

    private func releaseBody() {
        guard heldBodyBytes > 0 else { return }
        gateway.bodies.giveBack(heldBodyBytes)
        heldBodyBytes = 0
    }

    private func answerTooLarge(_ head: HTTPRequestHead, _ purpose: RequestInHand.Purpose, _ limit: Int) {
        request = nil
        releaseBody()
        if case .whole = purpose, let whole = gateway.wholeRequests {
            return whole.answerTooLarge(head, limit: limit, exchange: exchangeForWhole())
        }
        answer(ProblemDocument(.bodyTooLarge, "The body of a request to this route has at most \(limit) bytes."))
    }

    private func complete() {
        if machine.state == .readingBody { machine.bodyEnded() }
        releaseBody()
        guard let request else { return }
        self.request = nil
        switch request.purpose {
        case .answer(let own): answer(own)
        case .stored(let stored):
            envelope.id = stored.id
            let exchange = GatewayExchange(id: stored.id, mapping: .raw, connection: self)
            self.exchange = exchange
            gateway.delegate.answer(stored, responder: exchange)
        case .invoke(let route, let parameters): invoke(request, route, parameters)
        case .whole:
            let exchange = exchangeForWhole()
            gateway.wholeRequests?.answer(
                WholeRequest(id: exchange.id, head: request.head, body: request.body), exchange: exchange)
        }
    }

    private func exchangeForWhole() -> GatewayExchange {
        let id = InvocationID.random(using: &gateway.random)
        envelope.id = id
        envelope.isInvocation = false
        let exchange = GatewayExchange(id: id, mapping: .raw, connection: self)
        self.exchange = exchange
        return exchange
    }

    private func invoke(_ request: RequestInHand, _ route: Route, _ parameters: [(name: String, value: String)]) {
        let clean = gateway.cleaner.clean(request.head.fields, peer: peer, random: &gateway.random)
        let id = InvocationID.random(using: &gateway.random)
        envelope.id = id
        envelope.requestID = clean.requestID
        var head = request.head
        head.fields = clean.fields
        if head.framing == .chunked { head.framing = .length(request.body.readableBytes) }
        let arrived = ArrivedRequest(
            id: id, route: route, parameters: parameters, head: head, sentFields: request.head.fields,
            body: request.body, traceParent: clean.traceParent, parentSpan: clean.parentSpan,
            pattern: route.pattern.text, sourceAddress: clean.sourceAddress,
            prefersAsync: clean.prefersAsync, mayCarryCloudEvents: clean.mayCarryCloudEvents)
        if let policies = route.policies { admit(arrived, policies) } else { start(arrived, exchange: nil) }
    }

    private func fail(_ error: HTTPParseError) {
        machine.parsingFailed()
        request = nil
        releaseBody()
        envelope = AnswerEnvelope(keepAlive: false)
        let code: FailureCode
        switch error.kind {
        case .badRequest: code = .badRequest
        case .uriTooLong: code = .uriTooLong
        case .headersTooLarge: code = .headersTooLarge
        case .expectationFailed: code = .expectationFailed
        case .notImplemented: code = .notImplemented
        case .versionNotSupported: code = .versionNotSupported
        }
        answer(ProblemDocument(code, error.sentence))
    }

    // MARK: Time and drain

    /// Looks at the limits of time; called about once a second.
    func tick(now: MonotonicTime) {
        guard let context else { return }
        if machine.asksWhetherClientIsThere(), envelope.minorVersion > 0 { writeContinue() }
        let buffered = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        switch machine.tick(now: now, bufferedBytes: buffered) {
        case .none: break
        case .answerTimeout:
            request = nil
            releaseBody()
            envelope.keepAlive = false
            answer(ProblemDocument(.requestTimeout, "The request did not arrive in time."))
        case .close: close()
        case .abort: abort()
        }
    }

    /// Every answer is the last from now on. An idle connection may send one more request, see ``endIdle()``.
    func drain() { machine.drain() }

    /// Called from time to time in a drain: closes a connection on which nothing has come since the last call, and
    /// nothing waits in its socket.
    func endIdle() {
        guard machine.state == .awaitingHead else { return }
        guard wasIdleInDrain, !hasUnreadBytes else {
            wasIdleInDrain = true
            return
        }
        if machine.endIdle() == .close { close() }
    }

    /// Whether the kernel holds bytes that nobody has read.
    private var hasUnreadBytes: Bool {
        guard let sockets = context?.channel as? any SocketOptionProvider else { return false }
        var unread = false
        let memory: EventLoopFuture<SocketMemory> = sockets.unsafeGetSocketOption(
            level: SocketOptionLevel(SOL_SOCKET), name: SocketMemory.option)
        // On the loop the option has been read before the call returns.
        memory.assumeIsolated().whenSuccess { unread = $0.received > 0 }
        return unread
    }

    // MARK: Writing

    func write(_ bytes: ByteBuffer) {
        context?.write(wrapOutboundOut(bytes), promise: nil)
        needsFlush = true
    }

    /// Flushes at the end of the loop's turn, so that what comes together leaves together.
    func flushSoon() {
        guard needsFlush, !isFlushQueued else { return }
        isFlushQueued = true
        gateway.flushes.add(self)
    }

    func flushQueuedWrites() {
        isFlushQueued = false
        flushIfNeeded()
    }

    private func flushIfNeeded() {
        guard needsFlush else { return }
        needsFlush = false
        context?.flush()
    }

    private func writeContinue() {
        var bytes = ByteBuffer()
        HTTPWriter.writeContinue(into: &bytes)
        write(bytes)
        flushSoon()
    }

    func carryOut(_ action: ConnectionStateMachine.AnswerAction) {
        guard let context else { return }
        switch action {
        case .next: flushSoon()
        case .shutOutput:
            flushIfNeeded()
            context.close(mode: .output, promise: nil)
        case .closeWhenWritten:
            // Closing throws away what is not written yet, so wait for it.
            let written = context.eventLoop.makePromise(of: Void.self)
            context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
            needsFlush = false
            written.futureResult.assumeIsolated().whenComplete { _ in self.close() }
        }
    }

    func close() {
        closed()
        context?.close(promise: nil)
    }

    /// Closes so that the client cannot take what it has for the whole.
    func abort() {
        closed()
        guard let context else { return }
        // With nothing to linger for, the kernel sends a reset. On the loop the option is set before the call returns.
        let sockets = context.channel as? any SocketOptionProvider
        sockets?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in }
        context.close(promise: nil)
    }
}
