@testable import EventStore
import FunctionModel
import NIOCore
import Testing

@Suite("Thousands of random steps")
struct RandomWalkTests {
    @Test("Every accepted event is in exactly one place, and ends once", arguments: [1, 2, 3, 4] as [UInt64])
    func walk(seed: UInt64) async throws {
        try await withStore { store in
            var walk = EventWalk(store, seed: seed)
            try await walk.prepare()
            for step in 1...2_500 {
                try await walk.step()
                if step % 250 == 0 { try await walk.compare() }
            }
            try await walk.drain()
            try await walk.compare()
        }
    }
}
