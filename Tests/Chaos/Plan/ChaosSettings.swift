/// What a run of the chaos test does.
struct ChaosSettings: Sendable {
    enum Isolation: String, CaseIterable, Codable, Sendable { case process, docker }
    enum Sync: String, CaseIterable, Codable, Sendable { case always, everysec }

    var events = 100_000
    var kills: [KillKind: Int] = [:]
    var seed: UInt64 = 0
    var isolation = Isolation.docker
    var sync = Sync.always
    /// Events a second.
    var rate = 500.0
    var failPercent = 1
    var workMilliseconds = 5
    /// Connections that the events are sent on.
    var connections = 16
    /// How long the queues may take to empty after the last event was accepted.
    var drainSeconds = 120.0
    var keepsDirectory = false
    var bars = Bars()
    /// The program under test.
    var glo = ""

    var plan: EventPlan {
        EventPlan(seed: seed, failPercent: failPercent, workMilliseconds: workMilliseconds)
    }
}
