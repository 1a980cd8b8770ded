/// What Redis has of memory, after ended events gave way to new ones.
package struct RoomReport: Hashable, Sendable {
    /// Ended events that were removed.
    package var removed: Int
    package var usedBytes: Int
    /// 0 when there is no limit.
    package var limitBytes: Int

    package var isFull: Bool { limitBytes > 0 && usedBytes >= limitBytes }
}
