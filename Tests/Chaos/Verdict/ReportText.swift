import Foundation

/// The report for people.
enum ReportText {
    static func text(_ report: Report) -> String {
        var lines: [(String, String)] = []
        let tally = report.tally
        func share(_ count: Int) -> String { "\(count) (\(decimal(tally.percent(count), 3)) %)" }
        lines.append(("accepted", "\(tally.accepted) of \(report.events)"))
        lines.append(("succeeded", "\(tally.succeeded)"))
        lines.append(("dead", "\(tally.dead)"))
        lines.append(("cancelled", "\(tally.cancelled)"))
        lines.append(("lost", "\(tally.lost)"))
        lines.append(("lies", "\(tally.lies)"))
        lines.append(("run twice", share(tally.runTwice)))
        if !report.repetitions.isEmpty {
            let causes = report.repetitions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            lines.append(("  after kills of", causes.joined(separator: ", ")))
        }
        lines.append(("started again", share(tally.startedAgain)))
        lines.append(("unknown runs", "\(tally.unknownRuns)"))
        lines.append(("recovery", recovery(report)))
        for kind in KillKind.allCases {
            guard let kills = report.kills[kind.rawValue], kills.wanted > 0 else { continue }
            lines.append(("kills: \(kind.rawValue)", "\(kills.made) of \(kills.wanted)"))
        }
        if report.bytesCut > 0 { lines.append(("cut off", "\(report.bytesCut) bytes")) }
        if !report.unexpectedEnds.isEmpty { lines.append(("ended by itself", "\(report.unexpectedEnds)")) }
        lines.append(("answers", answers(report)))
        if report.tornLedgerLines > 0 { lines.append(("torn ledger lines", "\(report.tornLedgerLines)")) }
        if !tally.examples.isEmpty { lines.append(("for example", tally.examples.joined(separator: ", "))) }
        if let directory = report.directory { lines.append(("directory", directory)) }
        let body = lines.map { $0.0.padding(toLength: 20, withPad: " ", startingAt: 0) + $0.1 }
        return ([heading(report)] + body + [ending(report)]).joined(separator: "\n") + "\n"
    }

    static func json(_ report: Report) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
    }

    static func decimal(_ value: Double, _ places: Int) -> String { String(format: "%.\(places)f", value) }

    private static func heading(_ report: Report) -> String {
        "\(report.events) events at \(decimal(report.rate, 0))/s, isolation \(report.isolation.rawValue), "
            + "appendfsync \(report.appendfsync.rawValue), seed \(report.seed), "
            + "\(decimal(report.durationSeconds, 0)) s"
    }

    private static func recovery(_ report: Report) -> String {
        guard let p99 = report.recoveryP99Seconds, let worst = report.recoveryWorstSeconds else {
            return "none to be seen"
        }
        return "p99 \(decimal(p99, 2)) s, worst \(decimal(worst, 2)) s, of \(report.recoveries) kills"
    }

    private static func answers(_ report: Report) -> String {
        report.answers.sorted { $0.key < $1.key }.map { "\($0.key == 0 ? "none" : String($0.key)) \($0.value)" }
            .joined(separator: ", ")
    }

    private static func ending(_ report: Report) -> String {
        report.holds
            ? "The bars hold: 0 lost, run twice at most \(report.bars.runTwicePercent) %, recovery within "
                + "\(report.bars.recoverySeconds) s."
            : "FAILED: " + report.brokenBars.joined(separator: "; ") + "."
    }
}
