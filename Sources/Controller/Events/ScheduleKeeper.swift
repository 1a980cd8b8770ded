import AdminModel
import DispatchCore
import EventStore
import FunctionCatalog
import FunctionModel
import Gateway
import Logging
import NIOCore
import TextForms

/// Turns the schedules of deployed functions into events, each tick once, however many controllers do the same: the
/// store keeps the last tick, and the first who comes with a later one wins.
///
/// Lives on the data plane's event loop. Ticks are times of the store's clock.
final class ScheduleKeeper {
    /// One schedule of a function that serves.
    final class Entry {
        let name: String
        let function: FunctionName
        let trigger: ScheduleTrigger
        let rule: ScheduleRule
        /// Which ticks are due; nil until the store has said which was the last.
        var clock: ScheduleClock?
        var fired = 0
        var skipped = 0
        var isFiring = false

        init(name: String, function: FunctionName, trigger: ScheduleTrigger, rule: ScheduleRule) {
            self.name = name
            self.function = function
            self.trigger = trigger
            self.rule = rule
        }

        /// What makes it another schedule when it changes.
        var spec: String { "\(trigger.text) \(trigger.timezone)" }
    }

    /// Time zones may change, and clocks jump: schedules are looked at this often without a tick, in milliseconds.
    private static let longestSleep: Int64 = 5_000
    private static let askAgainMilliseconds: Int64 = 2_000

    private let store: EventStore
    private let loop: any EventLoop
    private let logger: Logger
    private let unixMilliseconds: @Sendable () -> Int64
    private var timer: Scheduled<Void>?
    private var clock: StoreClock
    private(set) var entries: [String: Entry] = [:]
    /// Told of functions that have work now.
    var onFired: (FunctionName) -> Void = { _ in }

    init(
        store: EventStore, loop: any EventLoop, logger: Logger, unixMilliseconds: @escaping @Sendable () -> Int64
    ) {
        self.store = store
        self.loop = loop
        self.logger = logger
        self.unixMilliseconds = unixMilliseconds
        clock = StoreClock(wall: unixMilliseconds(), monotonic: Self.monotonic)
    }

    private static var monotonic: Int64 { Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000) }

    private var now: Int64 { clock.now(monotonic: Self.monotonic) }

    // MARK: For the control plane

    var infos: [ScheduleInfo] {
        entries.values.sorted { $0.name < $1.name }.map { entry in
            ScheduleInfo(
                name: entry.name, function: entry.function.rawValue, spec: entry.trigger.text,
                timezone: entry.trigger.timezone, overlap: entry.trigger.overlap.rawValue,
                lastMilliseconds: entry.fired + entry.skipped > 0 ? entry.clock?.position : nil,
                nextMilliseconds: entry.rule.next(after: now), fired: entry.fired,
                skipped: entry.skipped)
        }
    }

    /// What a tick of this schedule would be now.
    func event(of name: String) -> (function: FunctionName, payload: ByteBuffer)? {
        entries[name].map { ($0.function, Self.payload($0, now)) }
    }

    // MARK: Functions

    func serve(_ version: FunctionVersion) {
        let schedules = version.namedSchedules
        let old = entries.filter { $0.value.function == version.name }
        for name in old.keys { entries[name] = nil }
        for (name, trigger) in schedules {
            guard let rule = rule(of: trigger, name) else { continue }
            let entry = Entry(name: name, function: version.name, trigger: trigger, rule: rule)
            if let known = old[name], known.spec == entry.spec { entry.clock = known.clock }
            entries[name] = entry
        }
        if !schedules.isEmpty { refresh() }
    }

    func forget(_ function: FunctionName) { entries = entries.filter { $0.value.function != function } }

    private func rule(of trigger: ScheduleTrigger, _ name: String) -> ScheduleRule? {
        do {
            return try ScheduleRule(trigger, in: TimeZoneRules.load(trigger.timezone))
        } catch {
            logger.error("A schedule cannot run", metadata: ["schedule": "\(name)", "reason": "\(error)"])
            return nil
        }
    }

    // MARK: The store

    /// Asks the store for the last ticks: after a connection, and when schedules are new.
    func refresh() {
        let asked = Array(entries.values)
        guard !asked.isEmpty else { return }
        store.cronState(asked.map { (name: $0.name, spec: $0.spec) }) { [weak self] result in
            guard let self else { return }
            guard case .success(let states) = result else { return refreshLater() }
            for (entry, state) in zip(asked, states) {
                clock.told(Int64(state.nowMilliseconds), wall: unixMilliseconds(), monotonic: Self.monotonic)
                var last = Int64(state.lastAtMilliseconds)
                // What was handed out already, unless that was by a clock that has been set back since.
                if let position = entry.clock?.position, position <= now { last = max(last, position) }
                entry.clock = ScheduleClock(
                    rule: entry.rule, catchUp: entry.trigger.catchUp, lastTick: last, now: now)
                entry.fired = state.fired
                entry.skipped = state.skipped
            }
            look()
        }
    }

    private func refreshLater() {
        timer?.cancel()
        let me = NIOLoopBound(self, eventLoop: loop)
        timer = loop.scheduleTask(in: .milliseconds(Self.askAgainMilliseconds)) { me.value.refresh() }
    }

    // MARK: Time

    private func look() {
        guard !clock.hasJumped(wall: unixMilliseconds(), monotonic: Self.monotonic) else {
            for entry in entries.values where !entry.isFiring { entry.clock = nil }
            return entries.isEmpty ? () : refresh()
        }
        guard entries.isEmpty || !clock.isOld(monotonic: Self.monotonic) else { return refresh() }
        let now = now
        var next = now + Self.longestSleep
        for entry in entries.values {
            guard !entry.isFiring, let ticks = entry.clock?.take(now: now) else { continue }
            if let coming = entry.clock?.nextDue { next = min(next, max(coming, now + 1)) }
            if !ticks.isEmpty { fire(entry, ticks[...]) }
        }
        // One whose last tick the store did not tell, or did not take, is asked for again.
        let isComplete = entries.values.allSatisfy { $0.clock != nil }
        if !isComplete { next = min(next, now + Self.askAgainMilliseconds) }
        timer?.cancel()
        let me = NIOLoopBound(self, eventLoop: loop)
        timer = loop.scheduleTask(in: .milliseconds(max(1, next - now))) {
            if isComplete { me.value.look() } else { me.value.refresh() }
        }
    }

    func stop() { timer?.cancel() }

    private func fire(_ entry: Entry, _ ticks: ArraySlice<Int64>) {
        guard let tick = ticks.first else {
            entry.isFiring = false
            return look()
        }
        entry.isFiring = true
        send(entry, tick) { [weak self] isKnown in
            guard let self else { return }
            guard isKnown else {
                // No answer: the store is asked for the last tick when it answers again, and it goes on from there.
                entry.isFiring = false
                entry.clock = nil
                return look()
            }
            fire(entry, ticks.dropFirst())
        }
    }

    private func send(_ entry: Entry, _ tick: Int64, _ done: @escaping (Bool) -> Void) {
        let event = CronTick(
            name: entry.name, atMilliseconds: Int(tick), function: entry.function, payload: Self.payload(entry, tick),
            overlap: entry.trigger.overlap, spec: entry.spec,
            previousMilliseconds: entry.rule.previous(before: tick).map(Int.init), contentType: "application/json")
        store.cron(event) { [weak self] result in
            guard let self else { return }
            switch result {
            case .success(.fired):
                entry.fired += 1
                onFired(entry.function)
            case .success(.skipped):
                entry.skipped += 1
                logger.info(
                    "A tick was skipped, since the one before still runs or waits",
                    metadata: ["schedule": "\(entry.name)", "function": "\(entry.function)"])
            case .success(.old): break
            case .success(.early):
                logger.notice("A tick lies ahead of Redis' clock", metadata: ["schedule": "\(entry.name)"])
                return done(false)
            case .failure(let error):
                logger.warning("A tick waits", metadata: ["schedule": "\(entry.name)", "reason": "\(error)"])
                return done(false)
            }
            done(true)
        }
    }

    /// The event that the manifest says, or the one that Lambda's schedules send.
    static func payload(_ entry: Entry, _ tick: Int64) -> ByteBuffer {
        if let input = entry.trigger.input { return ByteBuffer(string: input) }
        let time = Timestamp.rfc3339(milliseconds: tick).prefix(19) + "Z"
        let arn = "arn:aws:events:\(LambdaIdentity.region):\(LambdaIdentity.account):rule/\(entry.name)"
        return ByteBuffer(
            string: "{\"version\":\"0\",\"id\":\"\(entry.name)-\(tick)\",\"detail-type\":\"Scheduled Event\","
                + "\"source\":\"aws.events\",\"account\":\"\(LambdaIdentity.account)\",\"time\":\"\(time)\","
                + "\"region\":\"\(LambdaIdentity.region)\",\"resources\":[\"\(arn)\"],\"detail\":{}}")
    }
}
