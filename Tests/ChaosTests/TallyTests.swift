import TestSupport
import Testing

@testable import glo_chaos

@Suite("What became of the events")
struct TallyTests {
    /// Nothing fails on purpose, or everything does.
    private func tally(
        _ states: [Int: FinalState], _ ledger: String, events: Int = 1, failing: Bool = false
    ) -> Tally {
        let accepted = (1...events).map { AcceptedEvent(number: $0, id: "id-\($0)", at: 0) }
        return Tally(
            accepted: accepted, states: Dictionary(uniqueKeysWithValues: states.map { ("id-\($0.key)", $0.value) }),
            ledger: Ledger(Array(ledger.utf8)),
            plan: EventPlan(seed: 0, failPercent: failing ? 100 : 0, workMilliseconds: 0))
    }

    @Test("An event that is still somewhere, or unknown, is lost", arguments: ["queued", "running", "delayed", "gone"])
    func lost(state: String) throws {
        let states = FinalState.State(rawValue: state).map { [1: FinalState(state: $0)] } ?? [:]
        let tally = tally(states, "")
        #expect(tally.lost == 1)
        #expect(tally.examples == ["id-1 \(state == "gone" ? "unknown" : state)"])
    }

    @Test("Ended events are counted by how they ended")
    func ended() {
        let tally = tally(
            [1: .init(state: .succeeded), 2: .init(state: .dead), 3: .init(state: .cancelled)],
            "S 1 id-1 1 1 9\nE 1 id-1 1 2 9\n", events: 3)
        #expect([tally.succeeded, tally.dead, tally.cancelled, tally.lost] == [1, 1, 1, 0])
        #expect([tally.lies, tally.runTwice, tally.startedAgain, tally.unknownRuns] == [0, 0, 0, 0])
    }

    @Test("A success without a completed run is a lie")
    func lie() {
        #expect(tally([1: .init(state: .succeeded)], "S 1 id-1 1 1 9\n").lies == 1)
    }

    @Test("A run that was cut off and done again is started again, not run twice")
    func cutOff() {
        let tally = tally([1: .init(state: .succeeded)], "S 1 id-1 1 1 9\nS 1 id-1 1 5 8\nE 1 id-1 1 6 8\n")
        #expect(tally.startedAgain == 1)
        #expect(tally.runTwice == 0)
    }

    @Test("An event with two completed runs is run twice")
    func twice() {
        let ledger = "S 1 id-1 1 1 9\nE 1 id-1 1 2 9\nS 1 id-1 1 5 9\nE 1 id-1 1 6 9\n"
        let tally = tally([1: .init(state: .succeeded)], ledger)
        #expect(tally.runTwice == 1)
        #expect(tally.percent(tally.runTwice) == 100)
    }

    @Test("A failure that was asked for, and its repetition, count as one")
    func failing() {
        let once = "S 1 id-1 1 1 9\nF 1 id-1 1 2 9\nS 1 id-1 2 5 9\nE 1 id-1 2 6 9\n"
        let good = tally([1: .init(state: .succeeded)], once, failing: true)
        #expect([good.runTwice, good.startedAgain, good.lies] == [0, 0, 0])
        let again = tally([1: .init(state: .succeeded)], "S 1 id-1 1 0 7\nF 1 id-1 1 1 7\n" + once, failing: true)
        #expect([again.runTwice, again.startedAgain] == [1, 1])
    }

    @Test("A run under another id than the one that was accepted is unknown")
    func unknown() {
        let ledger = "S 1 other 1 1 9\nE 1 other 1 2 9\nS 2 never 1 3 9\n"
        #expect(tally([1: .init(state: .succeeded)], ledger).unknownRuns == 2)
    }

    @Test("States are read from what Glo answers")
    func reading() throws {
        let text = #"{"id":"x","state":"dead","attempts":5,"crashes":2}"#
        #expect(try FinalState(JSONValue(Array(text.utf8))) == FinalState(state: .dead))
        #expect(try FinalState(JSONValue(Array(#"{"state":"odd"}"#.utf8))) == nil)
    }

    @Test("The queues are empty only when the function's queue is there and says so")
    func depth() throws {
        func total(_ text: String) throws -> Int? {
            try QueueDepth.total(in: JSONValue(Array(text.utf8)), function: "work")
        }
        #expect(
            try total(
                #"{"functions":[{"function":"work","ready":2,"delayed":3,"running":1,"dead":9},{"function":"b","ready":1}]}"#
            ) == 7)
        #expect(try total(#"{"functions":[{"function":"work","ready":0,"delayed":0,"running":0}]}"#) == 0)
        #expect(try total(#"{"functions":[]}"#) == nil)
        #expect(try total(#"{"title":"no"}"#) == nil)
    }
}
