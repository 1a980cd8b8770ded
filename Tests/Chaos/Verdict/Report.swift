/// What a run of the chaos test found.
struct Report: Codable, Sendable {
    struct Kills: Codable, Hashable, Sendable {
        var wanted: Int
        var made: Int
    }

    var events: Int
    var seed: UInt64
    var isolation: ChaosSettings.Isolation
    var appendfsync: ChaosSettings.Sync
    var rate: Double
    var durationSeconds: Double
    var tally: Tally
    var tornLedgerLines = 0
    /// The repeated runs by the kind of kill before them.
    var repetitions: [String: Int] = [:]
    var recoveries: Int
    var recoveryP99Seconds: Double?
    var recoveryWorstSeconds: Double?
    var kills: [String: Kills]
    /// What the power cuts took from the append-only file.
    var bytesCut: Int64
    /// Ends of the controller that were not ours, with their exit codes or negative signals.
    var unexpectedEnds: [Int32]
    /// How often each status came back for an event; 0 is no answer.
    var answers: [Int: Int]
    var bars: Bars
    var brokenBars: [String] = []
    /// Where the directory was left.
    var directory: String?

    var holds: Bool { brokenBars.isEmpty }

    init(
        _ settings: ChaosSettings, _ evidence: Evidence, seconds: Double
    ) {
        events = settings.events
        seed = settings.seed
        isolation = settings.isolation
        appendfsync = settings.sync
        rate = settings.rate
        durationSeconds = seconds
        tally = Tally(
            accepted: evidence.accepted, states: evidence.states, ledger: evidence.ledger, plan: settings.plan)
        tornLedgerLines = evidence.ledger.tornLines
        repetitions = Repetition.causes(kills: evidence.kills, ledger: evidence.ledger)
        let seconds = evidence.recoveries
        recoveries = seconds.count
        recoveryP99Seconds = Recovery.percentile(99, of: seconds)
        recoveryWorstSeconds = seconds.max()
        kills = [:]
        for kind in KillKind.allCases {
            kills[kind.rawValue] = Kills(
                wanted: settings.kills[kind] ?? 0, made: evidence.kills.count { $0.kind == kind })
        }
        bytesCut = evidence.kills.reduce(0) { $0 + $1.bytesCut }
        unexpectedEnds = evidence.unexpectedEnds
        answers = evidence.answers
        bars = settings.bars
        directory = evidence.directory
        brokenBars = judge()
    }

    private func judge() -> [String] {
        var broken: [String] = []
        func check(_ isBroken: Bool, _ text: String) { if isBroken { broken.append(text) } }
        let twice = tally.percent(tally.runTwice)
        check(tally.accepted < events, "only \(tally.accepted) of \(events) events were accepted")
        check(tally.lost > 0, "\(tally.lost) events are lost")
        check(tally.lies > 0, "\(tally.lies) events are said to have succeeded and never ran to their end")
        check(tally.unknownRuns > 0, "\(tally.unknownRuns) runs were of invocations that no client was told of")
        check(
            twice > bars.runTwicePercent,
            "\(ReportText.decimal(twice, 3)) % ran twice, \(bars.runTwicePercent) % may")
        check(
            (recoveryP99Seconds ?? 0) > bars.recoverySeconds,
            "recovery takes \(ReportText.decimal(recoveryP99Seconds ?? 0, 1)) s (p99), \(bars.recoverySeconds) s are allowed"
        )
        check(!unexpectedEnds.isEmpty, "the controller ended \(unexpectedEnds.count) times by itself")
        return broken
    }
}
