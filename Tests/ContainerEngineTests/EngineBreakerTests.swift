import Testing

@testable import ContainerEngine

@Suite struct EngineBreakerTests {
    typealias State = EngineBreaker.State
    typealias Event = EngineBreaker.Event
    typealias Action = EngineBreaker.Action

    /// Every state × event of a breaker that opens at the second failure and waits 100, 200, 400, 500 ms.
    static let table: [(path: [Event], event: Event, action: Action, state: State)] = [
        ([], .callSucceeded, .none, .closed(failures: 0)),
        ([], .callFailed, .none, .closed(failures: 1)),
        ([], .probeDue, .none, .closed(failures: 0)),
        ([], .probeSucceeded, .none, .closed(failures: 0)),
        ([], .probeFailed, .none, .closed(failures: 1)),
        ([.callFailed], .callSucceeded, .none, .closed(failures: 0)),
        ([.callFailed], .callFailed, .open(probeAfterMilliseconds: 100), .open(failedProbes: 0)),
        ([.callFailed], .probeDue, .none, .closed(failures: 1)),
        ([.callFailed], .probeSucceeded, .none, .closed(failures: 0)),
        ([.callFailed], .probeFailed, .open(probeAfterMilliseconds: 100), .open(failedProbes: 0)),
        (opened, .callSucceeded, .close, .closed(failures: 0)),
        (opened, .callFailed, .none, .open(failedProbes: 0)),
        (opened, .probeDue, .probe, .probing(failedProbes: 0)),
        (opened, .probeSucceeded, .close, .closed(failures: 0)),
        (opened, .probeFailed, .none, .open(failedProbes: 0)),
        (probing, .callSucceeded, .close, .closed(failures: 0)),
        (probing, .callFailed, .none, .probing(failedProbes: 0)),
        (probing, .probeDue, .none, .probing(failedProbes: 0)),
        (probing, .probeSucceeded, .close, .closed(failures: 0)),
        (probing, .probeFailed, .wait(probeAfterMilliseconds: 200), .open(failedProbes: 1)),
    ]
    static let opened: [Event] = [.callFailed, .callFailed]
    static let probing: [Event] = opened + [.probeDue]

    static func breaker() -> EngineBreaker {
        EngineBreaker(threshold: 2, firstBackoffMilliseconds: 100, maxBackoffMilliseconds: 500)
    }

    @Test("Each event in each state has its one outcome", arguments: table.indices)
    func transition(_ index: Int) {
        let row = Self.table[index]
        var breaker = Self.breaker()
        for event in row.path { _ = breaker.event(event) }
        #expect(breaker.event(row.event) == row.action)
        #expect(breaker.state == row.state)
    }

    @Test("Probes that fail come less and less often, up to a limit")
    func backoff() {
        var breaker = Self.breaker()
        for event in Self.opened { _ = breaker.event(event) }
        var waits: [Int] = []
        for _ in 0..<6 {
            _ = breaker.event(.probeDue)
            if case .wait(let milliseconds) = breaker.event(.probeFailed) { waits.append(milliseconds) }
        }
        #expect(waits == [200, 400, 500, 500, 500, 500])
    }

    @Test("Whatever happens, calls are let in exactly between a close and an open", arguments: 0..<20 as Range<UInt64>)
    func invariants(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var breaker = EngineBreaker(threshold: 3)
        var admits = true
        var isProbing = false
        var failures = 0
        for _ in 0..<5_000 {
            let event = try #require(Event.allCases.randomElement(using: &generator))
            let action = breaker.event(event)
            let isFailure = event == .callFailed || event == .probeFailed
            failures = isFailure ? failures + 1 : event == .probeDue ? failures : 0
            switch action {
            case .none: break
            case .open(let wait):
                #expect(admits && failures >= 3 && wait > 0)
                admits = false
            case .wait(let wait):
                #expect(!admits && isProbing && (1...2_000).contains(wait))
                isProbing = false
            case .probe:
                #expect(!admits && !isProbing)
                isProbing = true
            case .close:
                #expect(!admits && !isFailure)
                admits = true
                isProbing = false
            }
            #expect(breaker.admitsCalls == admits)
        }
    }
}
