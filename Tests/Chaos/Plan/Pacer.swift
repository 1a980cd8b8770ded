/// Turns at a fixed distance. Turns that were missed are not made up for: after an outage a burst would push all
/// following kills together.
struct Pacer: Sendable {
    /// Nanoseconds between two turns.
    let interval: Int64
    private var next: Int64 = .min

    /// - Parameter rate: turns a second, more than 0.
    init(rate: Double) { interval = Int64(1e9 / rate) }

    /// When the next turn is, in nanoseconds of the clock that `now` is of; never before now.
    mutating func turn(now: Int64) -> Int64 {
        let turn = max(now, next)
        next = turn + interval
        return turn
    }
}
