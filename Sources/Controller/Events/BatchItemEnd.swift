/// What becomes of one event of a batch whose handler named those that failed.
enum BatchItemEnd: Hashable, Sendable {
    /// The batch's own end is its end.
    case asTheBatch
    /// The handler named it.
    case failed
    /// It lies behind a failed one of its group: it comes again after that one, and nothing is charged.
    case notReached

    /// The ends of the batch's events, in their order.
    static func ends(of items: [(id: String, group: String?)], failed: Set<String>) -> [BatchItemEnd] {
        var broken: Set<String> = []
        return items.map { item in
            if failed.contains(item.id) {
                if let group = item.group { broken.insert(group) }
                return .failed
            }
            return item.group.map(broken.contains) == true ? .notReached : .asTheBatch
        }
    }
}
