import NIOCore

/// Who waits for room in Redis, and whether it is worth asking for it.
struct RoomSearch {
    private var waiters: [(_ hasRoom: Bool) -> Void] = []
    private var isRunning = false
    /// Nothing can give way until then, as far as is known.
    private var emptyUntil = NIODeadline.uptimeNanoseconds(0)

    private static let pause = TimeAmount.milliseconds(200)

    mutating func wait(_ waiter: @escaping (_ hasRoom: Bool) -> Void) { waiters.append(waiter) }

    /// False when somebody looks already, who answers these waiters too.
    mutating func begin() -> Bool {
        guard !isRunning else { return false }
        isRunning = true
        return true
    }

    /// The waiters, who are to be told.
    mutating func end(removed: Int, at now: NIODeadline) -> [(_ hasRoom: Bool) -> Void] {
        isRunning = false
        if removed == 0 { emptyUntil = now + Self.pause }
        defer { waiters = [] }
        return waiters
    }

    /// Whether it is worth looking.
    func mayHelp(at now: NIODeadline) -> Bool { now >= emptyUntil }
}
