/// What request bodies hold that have arrived in part, all connections together. Each is within its route's limit, but
/// many that stop before their end would be more than the machine has.
struct BodyBudget: Equatable {
    let limit: Int
    private(set) var used = 0

    init(limit: Int) { self.limit = limit }

    /// Takes room for more of a body that holds `held` bytes. False when there is none, unless it is the only one: a
    /// route may take larger bodies than all together may hold.
    mutating func take(_ count: Int, held: Int) -> Bool {
        guard used + count <= limit || used == held else { return false }
        used += count
        return true
    }

    /// The body is whole or given up.
    mutating func giveBack(_ count: Int) {
        precondition(count <= used, "more was given back than was taken")
        used -= count
    }
}
