/// The clock of the store, as far as it is known without asking: from its last word on, time goes as the monotonic clock
/// does, whatever somebody does to the clock of the wall. Times are Unix milliseconds.
package struct StoreClock: Hashable, Sendable {
    /// How far the wall's clock may leave the monotonic one without having been set.
    package static let toleranceMilliseconds: Int64 = 1_000

    static let longestAgeMilliseconds: Int64 = 30_000

    private var store: Int64
    private var wall: Int64
    private var monotonic: Int64

    /// Before the store has said anything its clock is taken for the wall's.
    /// - Parameter monotonic: milliseconds of a clock that nobody can set.
    package init(wall: Int64, monotonic: Int64) {
        store = wall
        self.wall = wall
        self.monotonic = monotonic
    }

    /// The store said what time it has.
    package mutating func told(_ store: Int64, wall: Int64, monotonic: Int64) {
        self.store = store
        self.wall = wall
        self.monotonic = monotonic
    }

    package func now(monotonic: Int64) -> Int64 { store + monotonic - self.monotonic }

    /// Whether the store's last word is so old that it should be asked again.
    package func isOld(monotonic: Int64) -> Bool { monotonic - self.monotonic > Self.longestAgeMilliseconds }

    /// Whether this machine's clock was set since, or the machine slept: the store's may have been too.
    package func hasJumped(wall: Int64, monotonic: Int64) -> Bool {
        abs((wall - self.wall) - (monotonic - self.monotonic)) > Self.toleranceMilliseconds
    }
}
