extension Route {
    /// Whether not everybody may send everything to it.
    package var isProtected: Bool { policies?.auth != nil || policies?.rateLimit != nil || maxBodyBytes != nil }

    /// Whether it must not stand in for the other: one of the two is protected, and their protection or those who take
    /// the requests are not the same.
    func differs(from other: Route) -> Bool {
        guard self !== other, isProtected || other.isProtected else { return false }
        return !hasReceiver(of: other) || policies?.auth != other.policies?.auth
            || policies?.rateLimit != other.policies?.rateLimit || maxBodyBytes != other.maxBodyBytes
    }

    /// Whether the other asks for something that this one does not ask for.
    func isWeaker(than other: Route) -> Bool {
        guard self !== other, other.isProtected else { return false }
        if !hasReceiver(of: other) { return true }
        if let auth = other.policies?.auth, auth != policies?.auth { return true }
        if let limit = other.policies?.rateLimit, limit != policies?.rateLimit { return true }
        guard let limit = other.maxBodyBytes else { return false }
        return maxBodyBytes.map { $0 > limit } ?? true
    }

    private func hasReceiver(of other: Route) -> Bool {
        function == other.function && alias == other.alias && topic == other.topic
    }
}

extension RoutePattern {
    /// Whether it goes before the other where both take a path.
    func isMoreSpecific(than other: RoutePattern) -> Bool {
        for (mine, theirs) in zip(segments, other.segments) where mine.rank != theirs.rank {
            return mine.rank < theirs.rank
        }
        return false
    }
}

extension RoutePattern.Segment {
    /// The smaller goes first.
    package var rank: Int {
        switch self {
        case .literal: 0
        case .parameter: 1
        case .tail, .wildcard: 2
        }
    }
}
