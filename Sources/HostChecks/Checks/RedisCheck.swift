/// Whether accepted events are still there after a power cut, and never thrown away when Redis is full.
package enum RedisCheck {
    static let subject = Subject(
        "redis", "Redis", good: "appendonly yes, appendfsync always, maxmemory-policy noeviction",
        why: "A 202 promises that the event is on the disk. volatile-lru and allkeys-lru throw accepted events away.")

    package static func finding(_ facts: RedisFacts) -> Finding {
        if let trouble = facts.trouble {
            return subject.bad("it does not take events: \(trouble)", fix: "See `glo queue`, and the controller's log.")
        }
        switch facts.keeper {
        case .off: return subject.ok("off: this controller takes no events")
        case .own where !facts.losses.isEmpty:
            return subject.warn(
                "events were lost: \(facts.losses.joined(separator: " "))",
                fix: "Remove the directories with the damaged files when you need them no more.")
        case .own(let configuration): return own(configuration)
        case .reported(let place):
            return subject.ok("\(place): the running controller uses it, and looked at it when it connected")
        case .outside(let place, let refusals, let warnings):
            if !refusals.isEmpty {
                return subject.bad("\(place): \(refusals.joined(separator: " "))", fix: remedy)
            }
            if !warnings.isEmpty {
                return subject.warn("\(place): \(warnings.joined(separator: " "))", fix: remedy)
            }
            return subject.ok("\(place): persistent, without eviction")
        }
    }

    private static let remedy =
        "Change its configuration as deploy/redis/redis.conf has it, or let Glo run its own."

    private static func own(_ configuration: String?) -> Finding {
        guard let configuration else { return subject.ok("Glo's own; it is made at the first start") }
        let settings = Self.settings(configuration)
        let wanted = [("appendonly", "yes"), ("appendfsync", "always"), ("maxmemory-policy", "noeviction")]
        let wrong = wanted.filter { settings[$0.0] != $0.1 }.map { "\($0.0) \(settings[$0.0] ?? "is not set")" }
        guard wrong.isEmpty else {
            return subject.bad(
                "Glo's own, but \(wrong.joined(separator: ", "))",
                fix: "Remove redisAppendfsync from the configuration, and restart Glo: it writes redis.conf anew.")
        }
        return subject.ok("Glo's own: every write is synced, nothing is evicted")
    }

    /// Words of a redis.conf; the last line of a name counts.
    static func settings(_ text: String) -> [String: String] {
        var settings: [String: String] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2 else { continue }
            settings[words[0].lowercased()] = words[1].filter { $0 != "\"" && $0 != "'" }
        }
        return settings
    }
}
