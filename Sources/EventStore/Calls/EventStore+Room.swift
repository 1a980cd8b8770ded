import NIOCore
import RedisClient

/// A full Redis refuses new events. What has ended is worth less than what is new: the oldest results give way.
extension EventStore {
    /// How many ended events one call removes at most.
    private static let batch = 1000

    /// Has ended events give way, oldest first, while they take too much of Redis' memory.
    package func giveWay(_ done: @escaping (Result<RoomReport, EventStoreError>) -> Void) {
        var call = call("glo_give_way")
        call.add(Self.batch)
        perform(call, Self.readRoom, done)
    }

    /// Sends a call that stores something new; when there is no room for it, makes some and sends it once more.
    func performMakingRoom<Answer>(
        _ call: LibraryCall, _ read: @escaping (RedisValue) -> Answer?,
        _ done: @escaping (Result<Answer, EventStoreError>) -> Void
    ) {
        perform(call, read) { [weak self] result in
            guard let self, case .failure(let error) = result, error.code == .full,
                room.mayHelp(at: connection.loop.now)
            else { return done(result) }
            room.wait { [weak self] hasRoom in
                guard let self, hasRoom else { return done(result) }
                perform(call, read, done)
            }
            makeRoom()
        }
    }

    /// One call for all that wait.
    private func makeRoom() {
        guard room.begin() else { return }
        giveWay { [weak self] result in
            guard let self else { return }
            let removed = (try? result.get())?.removed ?? 0
            for waiter in room.end(removed: removed, at: connection.loop.now) { waiter(removed > 0) }
        }
    }

    private static func readRoom(_ value: RedisValue) -> RoomReport? {
        guard let items = value.items, items.count == 3, let removed = items[0].number, let used = items[1].number,
            let limit = items[2].number
        else { return nil }
        return RoomReport(removed: removed, usedBytes: used, limitBytes: limit)
    }
}
