import EventStore
import FunctionModel
import Logging
import NIOCore
import Observability
import OutboundHTTP
import RedisClient

/// Everything about stored events that lives on the data plane's event loop, joined around one connection to Redis.
final class EventPlane {
    let connection: RedisConnection
    let store: EventStore
    let consumer: EventConsumer
    let intake: EventIntake
    let desk: EventDesk
    let schedules: ScheduleKeeper
    let courier: DestinationCourier
    let queueWaiters: QueueWaiters
    private let subscription: RedisSubscription
    let files: ContentFiles?
    private unowned let dispatcher: Dispatcher
    private let settings: EventPlaneSettings
    private let logger: Logger
    private var random = UnguessableIDs()
    private var rates = EventRates()
    /// How long Redis took to answer.
    private(set) var latency = DurationHistogram()
    private var hasAdopted = false
    /// Whether Redis had no room at the last look.
    private var isFull = false
    private var timers: [RepeatedTask] = []
    /// What every function that serves wants the store to know of it.
    private var serving: [FunctionName: FunctionVersion] = [:]
    /// Whether what an earlier run left is tidied up: subscriptions of functions that are gone.
    private var hasSweptSubscriptions = false

    static let off = InvocationFailure(
        .eventsUnavailable, "This controller runs without Redis (--redis off), so it can store no events.")

    init(
        endpoint: RedisEndpoint, settings: EventPlaneSettings, dispatcher: Dispatcher, files: ContentFiles?,
        client: OutboundClient, logger: Logger
    ) {
        let loop = dispatcher.loop
        let now = dispatcher.environment.unixMilliseconds
        self.dispatcher = dispatcher
        self.settings = settings
        self.files = files
        self.logger = logger
        connection = RedisConnection(loop: loop, endpoint: endpoint, logger: logger)
        store = EventStore(connection: connection, namespace: settings.namespace, logger: logger)
        subscription = RedisSubscription(
            loop: loop, endpoint: endpoint, channels: [store.wakeChannel], logger: logger)
        consumer = EventConsumer(
            store: store, dispatcher: dispatcher, owner: settings.owner, files: files, logger: logger,
            logLines: settings.logLines)
        intake = EventIntake(
            store: store, files: files, dispatcher: dispatcher, checkCallback: settings.checkCallback)
        queueWaiters = QueueWaiters(loop: loop)
        desk = EventDesk(store: store, files: files, loop: loop)
        schedules = ScheduleKeeper(store: store, loop: loop, logger: logger, unixMilliseconds: now)
        courier = DestinationCourier(
            store: store, loop: loop, owner: settings.owner, client: client, signer: settings.signer, logger: logger,
            random: { Double.random(in: 0..<1) })
        join()
    }

    /// Lets the parts tell each other what they cause.
    private func join() {
        consumer.onEnded = { [unowned self] event in
            rates.add(event.event.queue.rawValue, second: dispatcher.now.nanoseconds / 1_000_000_000)
            desk.ended(event.id)
        }
        intake.onAccepted = { [unowned self] names in for name in names { consumer.hint(name) } }
        schedules.onFired = { [unowned self] name in consumer.hint(name) }
        desk.onWaitersChanged = { [unowned self] areThere in
            if areThere {
                subscription.subscribe(store.doneChannel)
            } else {
                subscription.unsubscribe(store.doneChannel)
            }
        }
        intake.onFull = { [unowned self] in isFull = true }
        subscription.onConnected = { [unowned self] in
            consumer.connected()
            desk.lookAgain()
        }
        subscription.onMessage = { [unowned self] channel, payload in
            heard(String(buffer: payload), isDone: channel == store.doneChannel)
        }
        if dispatcher.observation.countsMetrics {
            connection.onAnswer = { [unowned self] in latency.add(nanoseconds: $0.nanoseconds) }
        }
        connection.setup = settings.setup
        connection.onStateChange = { [unowned self] state in if state == .ready { connected() } }
    }

    // MARK: Start and stop

    /// - Parameter isServerKnown: else ``use(_:)`` comes once the server is there.
    func start(isServerKnown: Bool) {
        if isServerKnown {
            connection.start()
            subscription.start()
        }
        consumer.start()
        courier.start()
        let me = NIOLoopBound(self, eventLoop: dispatcher.loop)
        timers = [
            dispatcher.loop.scheduleRepeatedTask(initialDelay: .seconds(5), delay: .seconds(5)) { _ in
                me.value.removeFiles()
            },
            dispatcher.loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
                me.value.desk.lookAgain()
            },
            dispatcher.loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
                me.value.makeRoom()
            },
            dispatcher.loop.scheduleRepeatedTask(initialDelay: .hours(24), delay: .hours(24)) { _ in
                me.value.rewriteDaily()
            },
        ]
    }

    /// The server is there, at this place.
    func use(_ endpoint: RedisEndpoint) {
        connection.use(endpoint)
        subscription.use(endpoint)
    }

    /// Claims nothing more, gives back what has not begun.
    func drain() {
        schedules.stop()
        courier.stop()
        queueWaiters.stop()
        consumer.drain()
    }

    /// Calls back when the store knows everything, or at the deadline; then the connection is closed.
    func stop(until deadline: MonotonicTime, _ done: @escaping () -> Void) {
        for timer in timers { timer.cancel() }
        consumer.flush(until: deadline) { [self] in
            flushDeliveries(until: deadline) { [self] in
                consumer.stop()
                subscription.close()
                connection.close()
                done()
            }
        }
    }

    private func flushDeliveries(until deadline: MonotonicTime, _ done: @escaping () -> Void) {
        if courier.isIdle || dispatcher.now >= deadline { return done() }
        let bound = NIOLoopBound((self, done), eventLoop: dispatcher.loop)
        dispatcher.loop.scheduleTask(in: .milliseconds(10)) {
            bound.value.0.flushDeliveries(until: deadline, bound.value.1)
        }
    }

    // MARK: The store

    private func connected() {
        logger.info("Events can be stored", metadata: ["redis": "\(connection.endpoint)"])
        for version in serving.values { configure(version) }
        guard !hasAdopted else { return resume() }
        store.adopt(ownerPrefix: settings.ownerPrefix, owner: settings.owner) { [weak self] result in
            guard let self else { return }
            if case .success(let count) = result {
                hasAdopted = true
                if count > 0 {
                    logger.notice(
                        "Events that an earlier run had begun are tried again", metadata: ["count": "\(count)"])
                }
            }
            resume()
        }
    }

    private func resume() {
        consumer.connected()
        schedules.refresh()
        courier.look()
    }

    private func heard(_ text: String, isDone: Bool) {
        if isDone {
            if let id = InvocationID(text) { desk.ended(id) }
        } else if text.hasPrefix("!") {
            if let id = InvocationID(text.dropFirst()) { consumer.cancel(id) }
        } else if text == EventQueue.deliveries.rawValue {
            courier.look()
        } else if let name = FunctionName(text) {
            consumer.hint(name)
        } else if let name = EventQueue(text)?.pullName {
            queueWaiters.hint(name)
        }
    }

    /// Ended events give way before Redis is full, so that new ones need not wait for it.
    private func makeRoom() {
        guard connection.isReady else { return }
        store.giveWay { [weak self] result in
            guard let self, case .success(let report) = result else { return }
            isFull = report.isFull
        }
    }

    /// Why new events are refused now; nil when they are not.
    var refusal: String? {
        guard connection.isReady else { return "Events are refused: \(connection.unavailable)" }
        if let obstacle = intake.obstacle { return "Events are refused: \(obstacle)." }
        return isFull ? "Events are refused: Redis is full." : nil
    }

    // MARK: Functions

    func serve(_ version: FunctionVersion) {
        serving[version.name] = version
        configure(version)
        consumer.serve(version)
        schedules.serve(version)
    }

    func forget(_ name: FunctionName) {
        serving[name] = nil
        consumer.forget(name)
        schedules.forget(name)
        store.withdraw(name) { _ in }
    }

    /// A command that the connection loses is made up for by the next connection.
    private func configure(_ version: FunctionVersion) {
        guard connection.isReady else { return }
        let name = version.name
        store.configure(
            name, topics: version.topics.map(\.name),
            disabled: version.topics.filter { !$0.isEnabled }.map(\.name),
            together: Dictionary(version.topics.compactMap { topic in topic.batch.map { (topic.name, $0) } }) { $1 },
            EventFunctionSettings(version.manifest.asyncSettings)
        ) { [weak self] result in
            guard let self else { return }
            switch result {
            case .success: consumer.hint(name)
            case .failure(let error):
                logger.error(
                    "A function's topics could not be stored",
                    metadata: ["function": "\(name)", "reason": "\(error)"])
            }
        }
    }

    /// Everything that lies in the functions directory serves: what the store has besides has been removed meanwhile.
    /// Only when no other controller uses the store.
    func sweepSubscriptions() {
        guard settings.ownsStore, !hasSweptSubscriptions else { return }
        store.topics { [weak self] result in
            guard let self, case .success(let known) = result else { return }
            hasSweptSubscriptions = true
            sweepFiles()
            for entry in known where serving[entry.function] == nil && !entry.topics.isEmpty {
                store.withdraw(entry.function) { _ in }
            }
        }
    }

    // MARK: Content files

    /// Removes the files that nothing refers to any more.
    private func removeFiles() {
        guard let files, connection.isReady else { return }
        files.removeUnused(store, limit: 1000) { _ in }
    }

    /// Removes what an earlier run wrote and never told the store of.
    func sweepFiles() {
        guard settings.ownsStore else { return }
        files?.sweep(store) { _ in }
    }

    // MARK: For the control plane

    func newID() -> InvocationID { InvocationID.random(using: &random) }

    func newEvent(_ request: EventRequest) -> NewEvent {
        var event = NewEvent(id: newID(), payload: request.payload)
        event.contentType = request.contentType
        event.delayMilliseconds = request.delayMilliseconds
        event.atMilliseconds = request.dueAtMilliseconds.map(Int.init)
        event.key = request.key
        if request.key != nil, request.hashesBody { event.bodyHash = EventIntake.digest(request.payload) }
        event.priority = request.priority
        event.group = request.group
        event.qualifier = request.qualifier
        event.source = "admin"
        return event
    }

    func ratesPerSecond() -> [String: Double] {
        rates.perSecond(second: dispatcher.now.nanoseconds / 1_000_000_000)
    }

    /// What was removed stays in the append-only file until that is written anew.
    private func rewriteDaily() {
        guard settings.ownsStore else { return }
        rewriteFile { [weak self] result in
            if case .failure(let failure) = result {
                self?.logger.warning("Redis did not rewrite its file", metadata: ["reason": "\(failure.detail)"])
            }
        }
        sweepFiles()
    }

    /// Has Redis write its file anew, without what was erased.
    func rewriteFile(_ done: @escaping (Result<Void, InvocationFailure>) -> Void) {
        connection.send(RedisCommand("BGREWRITEAOF")) { result in
            switch result {
            case .success(.error(let error)) where !error.message.contains("already in progress"):
                done(.failure(InvocationFailure(.eventsUnavailable, "Redis did not rewrite its file: \(error)")))
            case .success: done(.success(()))
            case .failure(let error):
                done(.failure(InvocationFailure(.eventsUnavailable, "\(error)", retryAfterSeconds: 1)))
            }
        }
    }
}
