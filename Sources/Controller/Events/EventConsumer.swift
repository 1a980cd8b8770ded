import DequeModule
import DispatchCore
import EventStore
import FunctionModel
import Logging
import NIOCore

/// Claims stored events as workers are free, runs them, and tells the store how they ended.
///
/// Lives on the data plane's event loop. The store decides who owns an event; this class holds what it has claimed,
/// renews the leases, and repeats every report until it is answered, so that neither a lost connection nor a slow
/// handler makes an event run twice.
final class EventConsumer {
    /// How long a lease lasts, how often it is renewed, and how often the store is looked at without a hint.
    static let leaseMilliseconds = 10_000
    static let renewMilliseconds: Int64 = 3_000
    static let pollMilliseconds: Int64 = 500

    let store: EventStore
    unowned let dispatcher: Dispatcher
    let owner: String
    let files: ContentFiles?
    let logger: Logger
    /// The last lines that a handler wrote during an invocation. It takes a lock, so it is not for the event loop.
    let logLines: @Sendable (FunctionName, InvocationID) async -> [String]
    /// Told when an event has ended as far as this controller knows.
    var onEnded: (HeldEvent) -> Void = { _ in }

    var lanes: [FunctionName: FunctionLane] = [:]
    var held: [InvocationID: HeldEvent] = [:]
    var isStopping = false
    private var isPumpScheduled = false
    private var dirty: [FunctionName] = []
    private var timers: [RepeatedTask] = []
    private var dueTimer: Scheduled<Void>?
    private var dueAt: Int64?

    init(
        store: EventStore, dispatcher: Dispatcher, owner: String, files: ContentFiles?, logger: Logger,
        logLines: @escaping @Sendable (FunctionName, InvocationID) async -> [String]
    ) {
        self.store = store
        self.dispatcher = dispatcher
        self.owner = owner
        self.files = files
        self.logger = logger
        self.logLines = logLines
    }

    var loop: any EventLoop { dispatcher.loop }

    // MARK: Start and stop

    func start() {
        let me = NIOLoopBound(self, eventLoop: loop)
        timers = [
            loop.scheduleRepeatedTask(
                initialDelay: .milliseconds(Self.pollMilliseconds), delay: .milliseconds(Self.pollMilliseconds)
            ) { _ in me.value.poll() },
            loop.scheduleRepeatedTask(
                initialDelay: .milliseconds(Self.renewMilliseconds), delay: .milliseconds(Self.renewMilliseconds)
            ) { _ in me.value.renew() },
        ]
    }

    /// Claims nothing more and gives back what has not begun. What runs goes on, and is reported.
    func drain() {
        isStopping = true
        for lane in lanes.values {
            for event in lane.takeAll() { settle(event, .released(pauseMilliseconds: 0), version: 0) }
        }
    }

    /// Ends the timers; whatever is held stays leased until its lease runs out.
    func stop() {
        isStopping = true
        for timer in timers { timer.cancel() }
        timers = []
        dueTimer?.cancel()
    }

    /// The store answers again: reports that were not answered go out again, and there may be work.
    func connected() {
        for event in held.values where event.phase == .reporting { send(event) }
        hintAll()
        poll()
    }

    // MARK: Functions

    /// A version of the function serves: its events may run.
    func serve(_ version: FunctionVersion) {
        let lane = lanes[version.name] ?? FunctionLane(version.name)
        lane.topics = Dictionary(version.topics.map { ($0.name, $0) }) { first, _ in first }
        lane.aliases = LaneAliases(version)
        lane.isLimited = version.manifest.asyncSettings.concurrency != nil
        lanes[version.name] = lane
        hint(version.name)
    }

    func forget(_ name: FunctionName) {
        guard let lane = lanes.removeValue(forKey: name) else { return }
        for event in lane.takeAll() { settle(event, .released(pauseMilliseconds: 0), version: 0) }
    }

    // MARK: Hints

    /// The store may have something for the function.
    func hint(_ name: FunctionName) {
        guard let lane = lanes[name] else { return }
        lane.state.hint()
        pumpSoon(name)
    }

    private func hintAll() {
        for (name, lane) in lanes {
            lane.state.look()
            pumpSoon(name)
        }
    }

    /// The function's workers may have room. Looked at once for all that happens in one turn of the loop.
    func pumpSoon(_ name: FunctionName) {
        guard let lane = lanes[name], !lane.isDirty, lane.hasWork else { return }
        lane.isDirty = true
        dirty.append(name)
        guard !isPumpScheduled else { return }
        isPumpScheduled = true
        let me = NIOLoopBound(self, eventLoop: loop)
        loop.execute { me.value.pumpAll() }
    }

    private func pumpAll() {
        isPumpScheduled = false
        let names = dirty
        dirty = []
        var wanted: [(FunctionName, Int)] = []
        for name in names {
            guard let lane = lanes[name] else { continue }
            lane.isDirty = false
            guard !isStopping, let function = dispatcher.functions[name] else { continue }
            run(lane, function)
            let quota = quota(of: lane, function)
            if quota > 0 { wanted.append((name, quota)) }
        }
        if !wanted.isEmpty { claim(wanted) }
    }

    private func quota(of lane: FunctionLane, _ function: DeployedFunction) -> Int {
        guard let version = function.current else { return 0 }
        let workers = version.manifest.workers
        return lane.state.quota(
            room: room(of: lane, function), slots: workers.max * workers.concurrency,
            waiting: lane.waitingCount, batch: lane.largestBatch)
    }

    // MARK: Claims

    private func claim(_ wanted: [(FunctionName, Int)]) {
        for (name, _) in wanted { lanes[name]?.state.claimSent() }
        store.claim(
            owner: owner, leaseMilliseconds: Self.leaseMilliseconds,
            wanted.map { (queue: EventQueue($0.0), limit: $0.1) }
        ) { [weak self] result in
            self?.claimed(wanted, result)
        }
    }

    private func claimed(_ wanted: [(FunctionName, Int)], _ result: Result<[ClaimedEvent], EventStoreError>) {
        guard case .success(let events) = result else {
            for (name, _) in wanted { lanes[name]?.state.claimFailed() }
            return
        }
        var counts: [EventQueue: Int] = [:]
        for event in events {
            counts[event.queue, default: 0] += 1
            take(event)
        }
        for (name, asked) in wanted {
            lanes[name]?.state.claimed(asked: asked, got: counts[EventQueue(name)] ?? 0)
            pumpSoon(name)
        }
    }

    private func take(_ claimed: ClaimedEvent) {
        let event = HeldEvent(claimed)
        held[claimed.id] = event
        guard let name = claimed.queue.function, let lane = lanes[name], !isStopping else {
            return settle(event, .released(pauseMilliseconds: 0), version: 0)
        }
        guard let reference = claimed.ref else { return admit(event, lane) }
        event.phase = .loading
        lane.loading += 1
        load(reference, event, lane)
    }

    /// What the subscription's filters do not let pass ends here.
    private func admit(_ event: HeldEvent, _ lane: FunctionLane) {
        if lane.admits(event) { lane.add(event) } else { settle(event, .filtered, version: 0) }
    }

    private func load(_ reference: String, _ event: HeldEvent, _ lane: FunctionLane) {
        guard let files else {
            lane.loading -= 1
            let detail = "the payload's file \(reference) is not on this server"
            return settle(event, .failed(InvocationFailure(.internalError, detail)), version: 0)
        }
        files.read(reference) { [self] result in
            lane.loading -= 1
            // Meanwhile it may have been lost to another controller, or handed back.
            guard held[event.id] === event, event.phase == .loading else { return }
            guard lanes[lane.name] === lane, !isStopping, !event.isCancelled else {
                return settle(event, .released(pauseMilliseconds: 0), version: 0)
            }
            switch result {
            case .success(let bytes):
                event.payload = bytes
                event.phase = .ready
                admit(event, lane)
                pumpSoon(lane.name)
            case .failure(let error):
                let detail = "the payload's file cannot be read: \(error)"
                settle(event, .failed(InvocationFailure(.internalError, detail)), version: 0)
            }
        }
    }

    // MARK: Time

    /// What the store moves by time: delays and leases that ran out. The poll is the truth, hints only make it sooner.
    private func poll() {
        giveBackAged()
        tick()
        hintAll()
        for event in held.values where event.phase == .reporting && event.report != nil { resendIfLost(event) }
    }

    /// What was claimed and has become too old while it waited for a worker is ended by the store.
    private func giveBackAged() {
        let now = Int(dispatcher.environment.unixMilliseconds())
        for lane in lanes.values where lane.waitingCount > 0 {
            for event in lane.takeAged(now: now) { settle(event, .released(pauseMilliseconds: 0), version: 0) }
        }
    }

    private func tick() {
        store.tick(limit: 1000, leaseMilliseconds: Self.leaseMilliseconds) { [weak self] result in
            guard let self, case .success(let report) = result else { return }
            if report.crashed > 0 {
                logger.warning(
                    "Events lost their workers and are tried again",
                    metadata: ["count": "\(report.crashed)", "poisoned": "\(report.poisoned)"])
            }
            if report.moved > 0 || report.crashed > 0 { hintAll() }
            if report.moved >= 1000 { tick() }
            guard let due = report.nextDueAtMilliseconds else { return }
            armDue(in: max(1, Int64(due - report.nowMilliseconds)))
        }
    }

    /// A delayed event that is due before the next poll gets a timer of its own.
    private func armDue(in milliseconds: Int64) {
        guard milliseconds < Self.pollMilliseconds, !isStopping else { return }
        dueTimer?.cancel()
        let me = NIOLoopBound(self, eventLoop: loop)
        dueTimer = loop.scheduleTask(in: .milliseconds(milliseconds)) { me.value.tick() }
    }

    private func renew() {
        let claims = held.values.map(\.event.claim)
        for start in stride(from: 0, to: claims.count, by: 500) {
            let part = Array(claims[start..<min(start + 500, claims.count)])
            store.extend(owner: owner, leaseMilliseconds: Self.leaseMilliseconds, part) { [weak self] result in
                guard let self, case .success(let report) = result else { return }
                for id in report.stale { lost(id) }
                for id in report.cancelling { cancel(id) }
            }
        }
    }

    /// Somebody else has it now: what has not begun must not begin, and what runs is no longer ours to report.
    private func lost(_ id: InvocationID) {
        guard let event = held[id] else { return }
        switch event.phase {
        case .running: break
        case .loading, .ready, .reporting:
            if let name = event.event.queue.function { lanes[name]?.remove(event) }
            held[id] = nil
        }
    }
}
