import FunctionModel
import HTTPCodec

/// Decides what a client's connection does: one request at a time, in order, within limits of time and size.
///
/// ```
/// awaitingHead -> readingHead -> readingBody -> waiting -> streaming -> awaitingHead
///       |              |              |            |           |
///       +--------------+--------------+------------+-----------+--> finishing -> lingering -> closed
/// ```
/// Time comes in with the events. Limits of time are looked at in ``tick(now:bufferedBytes:)`` only, once a second.
struct ConnectionStateMachine {
    enum State: Hashable {
        /// Between requests: not a byte of the next has arrived.
        case awaitingHead
        case readingHead
        case readingBody
        /// An invocation runs and nothing of its answer has been written.
        case waiting
        /// The head of the answer has been written, the body follows.
        case streaming
        /// The last answer is on its way out; nothing more is read as a request.
        case finishing
        /// The last answer is out and our side is shut; input is thrown away until the client shuts its side.
        case lingering
        case closed
    }

    /// What is known about a request when its head has arrived.
    struct Head {
        var framing: HTTPBodyFraming
        var keepAlive: Bool
        var expectsContinue: Bool
        /// The largest body that is taken.
        var maxBodyBytes: Int
        /// Whether it is answered without an invocation.
        var isRefused: Bool
    }

    private(set) var state = State.awaitingHead
    /// Whether the answer in hand lets the connection live on.
    private(set) var keepsAlive = true
    private let configuration: GatewayConfiguration
    private var deadline: MonotonicTime
    private var isDraining = false
    private var inputEnded = false
    private var hasAsked = false
    /// The body of the present request.
    private var body: Body?
    /// Set while the socket takes no more.
    private var stall: TransferPace?
    private var stalledBytes = 0
    private var lingeredBytes = 0

    private struct Body {
        var maxBytes: Int
        var isKept: Bool
        var pace: TransferPace
    }

    /// A small body of a refused request is read and thrown away, so that the connection can go on.
    static let maxDiscardedBodyBytes = 65_536

    init(configuration: GatewayConfiguration, now: MonotonicTime) {
        self.configuration = configuration
        deadline = now.advanced(byMilliseconds: configuration.headTimeoutMilliseconds)
    }

    /// Whether bytes that have arrived are to be parsed now.
    var parses: Bool {
        switch state {
        case .awaitingHead, .readingHead, .readingBody: true
        case .waiting, .streaming, .finishing, .lingering, .closed: false
        }
    }

    // MARK: Input

    enum ArrivalAction: Equatable {
        case parse
        /// Keep the bytes for later; read no more when they are many.
        case hold
        case discard
        case close
    }

    mutating func bytesArrived(_ count: Int, now: MonotonicTime) -> ArrivalAction {
        switch state {
        case .awaitingHead:
            state = .readingHead
            deadline = now.advanced(byMilliseconds: configuration.headTimeoutMilliseconds)
            return .parse
        case .readingHead, .readingBody: return .parse
        case .waiting, .streaming: return .hold
        case .finishing, .lingering:
            lingeredBytes += count
            return lingeredBytes > configuration.maxLingerBytes ? .close : .discard
        case .closed: return .discard
        }
    }

    /// Bytes that were held while a request was answered are the beginning of the next.
    mutating func heldBytesRemain(now: MonotonicTime) {
        guard state == .awaitingHead else { return }
        state = .readingHead
        deadline = now.advanced(byMilliseconds: configuration.headTimeoutMilliseconds)
    }

    enum HeadAction: Equatable {
        /// Read the body; `sendContinue` tells the client first that it may send it.
        case readBody(sendContinue: Bool)
        /// The request has no body and is complete.
        case complete
        /// Answer at once that the body is too large.
        case answerTooLarge
        /// Answer the refusal at once; the body will not be read.
        case answerRefusal
    }

    mutating func headParsed(_ head: Head, now: MonotonicTime) -> HeadAction {
        precondition(state == .readingHead || state == .awaitingHead, "a head is parsed between requests")
        keepsAlive = head.keepAlive && !isDraining
        let announced: Int
        switch head.framing {
        case .none, .length(0):
            state = .waiting
            body = nil
            return .complete
        case .length(let length): announced = length
        case .chunked, .untilClose: announced = 0
        }
        if head.isRefused {
            let isSmall = head.framing != .chunked && announced <= Self.maxDiscardedBodyBytes
            guard isSmall, !head.expectsContinue else { return giveUpBody(.answerRefusal) }
        } else if announced > head.maxBodyBytes {
            return giveUpBody(.answerTooLarge)
        }
        state = .readingBody
        body = Body(
            maxBytes: head.isRefused ? Self.maxDiscardedBodyBytes : head.maxBodyBytes, isKept: !head.isRefused,
            pace: TransferPace(
                startedAt: now, graceMilliseconds: configuration.bodyTimeoutMilliseconds,
                minBytesPerSecond: configuration.minBytesPerSecond))
        return .readBody(sendContinue: head.expectsContinue)
    }

    /// The answer will be the last one, since nobody reads what follows the head.
    private mutating func giveUpBody(_ action: HeadAction) -> HeadAction {
        state = .waiting
        keepsAlive = false
        return action
    }

    enum BodyAction: Equatable {
        case keep
        case discard
        case answerTooLarge
    }

    mutating func bodyParsed(_ count: Int, now: MonotonicTime) -> BodyAction {
        guard state == .readingBody, var current = body else { preconditionFailure("no body is being read") }
        current.pace.moved(count, now: now)
        body = current
        guard current.pace.bytes <= current.maxBytes else {
            state = .waiting
            keepsAlive = false
            return .answerTooLarge
        }
        return current.isKept ? .keep : .discard
    }

    /// There is no room for the body: it is answered, and the rest is not read.
    mutating func bodyGivenUp() {
        precondition(state == .readingBody, "a body is given up while it is read")
        state = .waiting
        keepsAlive = false
    }

    mutating func bodyEnded() {
        precondition(state == .readingBody || state == .waiting, "a body ends after its head")
        state = .waiting
        body = nil
    }

    /// What has arrived is no request: it is answered, and nobody knows where the next would begin.
    mutating func parsingFailed() {
        precondition(parses, "only what is parsed can fail")
        state = .waiting
        keepsAlive = false
    }

    enum EndAction: Equatable {
        case none
        case close
    }

    /// The client has shut its side. What runs is answered; a request that is not complete never will be.
    mutating func inputShut(hasHeldBytes: Bool) -> EndAction {
        inputEnded = true
        switch state {
        case .awaitingHead where hasHeldBytes: return .none
        case .awaitingHead, .readingHead, .readingBody, .lingering:
            state = .closed
            return .close
        case .waiting, .streaming, .finishing, .closed: return .none
        }
    }

    // MARK: Answers

    /// The head of an answer is about to be written; says whether it announces that the connection lives on.
    ///
    /// - Parameter isDelimited: whether the client can tell where the body ends other than by the end of the connection.
    mutating func answerBegan(isDelimited: Bool) -> Bool {
        precondition(state == .waiting, "an answer follows a request")
        state = .streaming
        if isDraining || !isDelimited { keepsAlive = false }
        return keepsAlive
    }

    enum AnswerAction: Equatable {
        /// Go on with the next request.
        case next
        /// Shut our side once all is written, then ``outputShut(now:)``.
        case shutOutput
        /// Close once all is written.
        case closeWhenWritten
    }

    mutating func answerEnded(now: MonotonicTime) -> AnswerAction {
        precondition(state == .streaming, "an answer ends after it began")
        // Also in a drain, when the head said that the connection lives on: a next request may be on its way already.
        guard keepsAlive else { return finish() }
        state = .awaitingHead
        deadline = now.advanced(byMilliseconds: configuration.idleTimeoutMilliseconds)
        return .next
    }

    /// The client will send no more and nothing is held: the connection is done.
    mutating func heldBytesExhausted() -> AnswerAction? {
        inputEnded && parses ? finish() : nil
    }

    private mutating func finish() -> AnswerAction {
        state = .finishing
        return inputEnded ? .closeWhenWritten : .shutOutput
    }

    /// All is written and our side is shut.
    mutating func outputShut(now: MonotonicTime) {
        guard state == .finishing else { return }
        state = .lingering
        deadline = now.advanced(byMilliseconds: configuration.lingerMilliseconds)
    }

    /// The connection is gone or is being closed.
    mutating func closed() { state = .closed }

    // MARK: Time and drain

    enum TickAction: Equatable {
        case none
        /// Answer 408, then close.
        case answerTimeout
        case close
        /// Cut the connection off, so that the client sees that the answer is not whole.
        case abort
    }

    /// Whether an interim response is worth it, once: the client has shut its side and waits, or it has left, and then
    /// its kernel answers with a reset.
    mutating func asksWhetherClientIsThere() -> Bool {
        guard state == .waiting, inputEnded, !hasAsked else { return false }
        hasAsked = true
        return true
    }

    /// Looks at all limits of time. `bufferedBytes` is what the socket has not taken yet.
    mutating func tick(now: MonotonicTime, bufferedBytes: Int) -> TickAction {
        if isStalled(now, bufferedBytes) {
            state = .closed
            return .abort
        }
        switch state {
        case .awaitingHead, .lingering:
            guard now >= deadline else { return .none }
            state = .closed
            return .close
        case .readingHead:
            guard now >= deadline else { return .none }
            state = .waiting
            keepsAlive = false
            return .answerTimeout
        case .readingBody:
            guard let body, body.pace.isTooSlow(at: now) else { return .none }
            state = .waiting
            keepsAlive = false
            return .answerTimeout
        case .waiting, .streaming, .finishing, .closed: return .none
        }
    }

    private mutating func isStalled(_ now: MonotonicTime, _ bufferedBytes: Int) -> Bool {
        guard bufferedBytes > 0, state != .closed else {
            stall = nil
            return false
        }
        if stall == nil {
            stall = TransferPace(
                startedAt: now, graceMilliseconds: configuration.writeTimeoutMilliseconds,
                minBytesPerSecond: configuration.minBytesPerSecond)
        } else if bufferedBytes < stalledBytes {
            stall?.moved(stalledBytes - bufferedBytes, now: now)
        }
        stalledBytes = bufferedBytes
        return stall?.isTooSlow(at: now) ?? false
    }

    /// From now on every answer is the connection's last, and says so.
    mutating func drain() { isDraining = true }

    /// A drain has waited for another request long enough.
    mutating func endIdle() -> EndAction {
        guard state == .awaitingHead else { return .none }
        state = .closed
        return .close
    }
}
