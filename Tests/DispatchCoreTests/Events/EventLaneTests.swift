import DispatchCore
import Testing

@Suite("How many stored events are claimed")
struct EventLaneTests {
    @Test("A slow handler's function claims one event for each free slot")
    func room() {
        let lane = EventLane()
        #expect(lane.quota(room: 3, slots: 8, waiting: 0, batch: 1) == 3)
        #expect(lane.quota(room: 0, slots: 8, waiting: 0, batch: 1) == 0)
    }

    @Test("Nothing is claimed while events wait for a slow handler")
    func waiting() {
        var lane = EventLane()
        lane.ran(milliseconds: 500)
        #expect(lane.quota(room: 1, slots: 8, waiting: 8, batch: 1) == 0)
    }

    @Test("A quick handler's function claims one more for each slot, and again when half of them are gone")
    func ahead() {
        var lane = EventLane()
        lane.ran(milliseconds: 2)
        #expect(lane.quota(room: 4, slots: 4, waiting: 0, batch: 1) == 8)
        #expect(lane.quota(room: 0, slots: 4, waiting: 3, batch: 1) == 0)
        #expect(lane.quota(room: 0, slots: 4, waiting: 2, batch: 1) == 2)
    }

    @Test("A handler that has become slow gets nothing ahead any more")
    func slower() {
        var lane = EventLane()
        lane.ran(milliseconds: 2)
        for _ in 0..<20 { lane.ran(milliseconds: 200) }
        #expect(lane.quota(room: 0, slots: 4, waiting: 0, batch: 1) == 0)
    }

    @Test("Batches claim as many events as all free slots take together, up to the bound of one claim")
    func batches() {
        let lane = EventLane()
        #expect(lane.quota(room: 2, slots: 2, waiting: 0, batch: 10) == 20)
        #expect(lane.quota(room: 8, slots: 8, waiting: 0, batch: 1000) == EventLane.largestClaim)
    }

    @Test("A second claim waits for the answer to the first")
    func oneAtATime() {
        var lane = EventLane()
        lane.claimSent()
        #expect(lane.quota(room: 4, slots: 4, waiting: 0, batch: 1) == 0)
        lane.claimed(asked: 4, got: 4)
        #expect(lane.quota(room: 4, slots: 4, waiting: 0, batch: 1) == 4)
    }

    @Test("A claim that was not filled ends the asking until a hint comes")
    func empty() {
        var lane = EventLane()
        lane.claimSent()
        lane.claimed(asked: 4, got: 1)
        #expect(!lane.mayHaveMore)
        lane.hint()
        #expect(lane.mayHaveMore)
    }

    @Test("A hint that comes while a claim is on its way is not lost")
    func hintMeanwhile() {
        var lane = EventLane()
        lane.claimSent()
        lane.hint()
        lane.claimed(asked: 4, got: 0)
        #expect(lane.mayHaveMore)
    }

    @Test("While the store holds events back, hints of new ones are not heeded, but time and ends are")
    func heldBack() {
        var lane = EventLane()
        for _ in 0..<2 {
            lane.claimSent()
            lane.hint()
            lane.claimed(asked: 4, got: 0)
        }
        #expect(!lane.mayHaveMore)
        lane.hint()
        #expect(!lane.mayHaveMore)
        lane.look()
        #expect(lane.mayHaveMore)
    }

    @Test("A claim that failed is left to the next look")
    func failed() {
        var lane = EventLane()
        lane.claimSent()
        lane.claimFailed()
        #expect(!lane.mayHaveMore)
        #expect(!lane.isClaiming)
    }
}
