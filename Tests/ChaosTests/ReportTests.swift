import TestSupport
import Testing

@testable import glo_chaos

@Suite("The report")
struct ReportTests {
    private var settings: ChaosSettings {
        var settings = ChaosSettings()
        settings.events = 1
        settings.kills = [.controller: 1]
        settings.failPercent = 0
        return settings
    }

    private var good: Evidence {
        Evidence(
            accepted: [AcceptedEvent(number: 0, id: "id", at: 0)], states: ["id": .init(state: .succeeded)],
            ledger: Ledger(Array("S 0 id 1 2 9\nE 0 id 1 3 9\n".utf8)),
            kills: [KillRecord(kind: .controller, pid: 1, at: 1, backAt: 2)], answers: [202: 1, 0: 2])
    }

    @Test("A run without fault holds the bars")
    func holds() {
        let report = Report(settings, good, seconds: 3)
        #expect(report.holds)
        let text = ReportText.text(report)
        #expect(text.contains("lost                0\n"))
        #expect(text.contains("kills: controller   1 of 1\n"))
        #expect(text.contains("none 2, 202 1"))
        #expect(text.contains("The bars hold"))
    }

    @Test("JSON says the same")
    func json() throws {
        let json = try JSONValue(Array(ReportText.json(Report(settings, good, seconds: 3)).utf8))
        #expect(json["tally"]["lost"].int == 0)
        #expect(json["kills"]["controller"]["made"].int == 1)
    }

    private static let harms: [(String, @Sendable (inout Evidence) -> Void)] = [
        ("1 events are lost", { $0.states = [:] }),
        ("only 0 of 1 events", { $0.accepted = [] }),
        ("never ran to their end", { $0.ledger = Ledger([]) }),
        ("no client was told of", { $0.ledger = Ledger(Array("S 0 x 1 2 9\nE 0 x 1 3 9\n".utf8)) }),
        (
            "100.000 % ran twice",
            { $0.ledger = Ledger(Array("S 0 id 1 2 9\nE 0 id 1 3 9\nS 0 id 1 4 9\nE 0 id 1 5 9\n".utf8)) }
        ),
        ("recovery takes 13.0 s", { $0.ledger = Ledger(Array("S 0 id 1 2 9\nE 0 id 1 13000000001 9\n".utf8)) }),
        ("ended 1 times by itself", { $0.unexpectedEnds = [-11] }),
    ]

    @Test("Each fault breaks its bar and is said", arguments: harms.indices)
    func faults(index: Int) {
        let (words, harm) = Self.harms[index]
        var evidence = good
        harm(&evidence)
        let report = Report(settings, evidence, seconds: 3)
        #expect(!report.holds)
        #expect(report.brokenBars.contains { $0.contains(words) }, "\(report.brokenBars)")
        #expect(ReportText.text(report).contains("FAILED: "))
    }
}
