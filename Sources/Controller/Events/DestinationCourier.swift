import EventStore
import FunctionModel
import Logging
import NIOCore
import OutboundHTTP

/// Brings results to the URLs that functions and callers named. A delivery is a stored event like any other: claimed,
/// tried again with growing pauses, and a dead letter in the end.
///
/// Lives on the data plane's event loop; the requests run elsewhere.
final class DestinationCourier {
    /// Deliveries at once.
    private static let mostAtOnce = 16
    /// Shorter than the lease, so that a lease need not be renewed.
    static let timeoutMilliseconds = 8_000

    private let store: EventStore
    private let loop: any EventLoop
    private let owner: String
    private let client: OutboundClient
    private let signer: DestinationSigner
    private let logger: Logger
    private let random: () -> Double
    private var inFlight = 0
    /// Ends that the store has not confirmed.
    private var reports = 0
    private var isClaiming = false
    private var isStopping = false
    private var timer: RepeatedTask?

    init(
        store: EventStore, loop: any EventLoop, owner: String, client: OutboundClient, signer: DestinationSigner,
        logger: Logger, random: @escaping () -> Double
    ) {
        self.store = store
        self.loop = loop
        self.owner = owner
        self.client = client
        self.signer = signer
        self.logger = logger
        self.random = random
    }

    func start() {
        let me = NIOLoopBound(self, eventLoop: loop)
        timer = loop.scheduleRepeatedTask(initialDelay: .milliseconds(500), delay: .milliseconds(500)) { _ in
            me.value.look()
        }
    }

    func stop() {
        isStopping = true
        timer?.cancel()
    }

    /// Whether the store knows of everything that was sent: what it does not know is sent again.
    var isIdle: Bool { inFlight == 0 && reports == 0 && !isClaiming }

    /// The store may have deliveries.
    func look() {
        guard !isStopping, !isClaiming, inFlight < Self.mostAtOnce else { return }
        isClaiming = true
        let limit = Self.mostAtOnce - inFlight
        store.claim(
            owner: owner, leaseMilliseconds: EventConsumer.leaseMilliseconds, [(queue: .deliveries, limit: limit)]
        ) { [weak self] result in
            guard let self else { return }
            isClaiming = false
            guard case .success(let events) = result else { return }
            guard !isStopping else {
                // It came too late to begin with them.
                for event in events { report { self.store.release(event.claim, delayMilliseconds: 0, $0) } }
                return
            }
            for event in events { deliver(event) }
            if events.count == limit { look() }
        }
    }

    private func deliver(_ event: ClaimedEvent) {
        inFlight += 1
        let target = event.meta.map { String(buffer: $0) } ?? ""
        let request: OutboundRequest
        do throws(InvocationFailure) {
            request = try signer.request(
                to: target, id: event.event, body: event.payload, timeoutMilliseconds: Self.timeoutMilliseconds)
        } catch {
            return ended(event, .giveUp(error.detail))
        }
        let bound = NIOLoopBound((self, event), eventLoop: loop)
        let loop = loop
        let nowSeconds = Int(signer.unixSeconds())
        client.send(request) { result in
            loop.execute {
                let (me, event) = bound.value
                me.ended(event, Verdict(result, nowSeconds: nowSeconds))
            }
        }
    }

    /// What becomes of a delivery.
    private enum Verdict {
        case delivered(status: Int)
        case retry(String, afterMilliseconds: Int?)
        case giveUp(String)

        init(_ result: Result<OutboundResponse, OutboundError>, nowSeconds: Int) {
            switch result {
            case .success(let response):
                switch response.verdict(nowSeconds: nowSeconds) {
                case .delivered: self = .delivered(status: response.status)
                case .retry(let seconds):
                    let reason = "the receiver answered with \(response.status)"
                    self = .retry(reason, afterMilliseconds: seconds.map { $0 * 1000 })
                case .gone: self = .giveUp("the receiver is gone (410)")
                case .giveUp: self = .giveUp("the receiver answered with \(response.status)")
                }
            case .failure(let error):
                self = error.isRetryable ? .retry("\(error)", afterMilliseconds: nil) : .giveUp("\(error)")
            }
        }
    }

    private func ended(_ event: ClaimedEvent, _ verdict: Verdict) {
        inFlight -= 1
        switch verdict {
        case .delivered(let status):
            let head = ResultHead.encode(status: status, fields: [], contentType: nil)
            let result = EventResult(version: "", head: head, body: ByteBuffer())
            report { store.complete(event.claim, result, $0) }
        case .retry(let reason, let after): fail(event, reason, afterMilliseconds: after, isFinal: false)
        case .giveUp(let reason): fail(event, reason, afterMilliseconds: nil, isFinal: true)
        }
        look()
    }

    private func fail(_ event: ClaimedEvent, _ reason: String, afterMilliseconds: Int?, isFinal: Bool) {
        logger.warning(
            "A result could not be delivered",
            metadata: [
                "invocation": "\(event.id)", "attempt": "\(event.attempt)", "reason": "\(reason)",
                "final": "\(isFinal)",
            ])
        let failure = InvocationFailure(.handlerFailed, reason)
        let run = FailedRun(
            version: "", error: FailureText.encode(failure), random: random(),
            retryAfterMilliseconds: afterMilliseconds, isFinal: isFinal)
        report { store.fail(event.claim, run, $0) }
    }

    /// Tells the store, and counts until it has answered.
    private func report<Answer>(_ send: (@escaping (Result<Answer, EventStoreError>) -> Void) -> Void) {
        reports += 1
        send { [weak self] _ in self?.reports -= 1 }
    }
}
