import RedisClient
import Testing

/// Everything that Redis holds for one namespace, and whether it fits together.
struct Census {
    var events: [String: [String: String]] = [:]
    var lifetimes: [String: Int] = [:]
    var sets: [String: Set<String>] = [:]
    var lists: [String: [String]] = [:]
    var texts: [String: String] = [:]
    var hashes: [String: [String: String]] = [:]

    init(_ store: StoreClient) async throws {
        let script = """
            local all = {}
            for _, name in ipairs(redis.call('KEYS', '*')) do
              local kind = redis.call('TYPE', name).ok
              local value
              if kind == 'hash' then value = redis.call('HGETALL', name)
              elseif kind == 'zset' then value = redis.call('ZRANGE', name, 0, -1)
              elseif kind == 'set' then value = redis.call('SMEMBERS', name)
              elseif kind == 'list' then value = redis.call('LRANGE', name, 0, -1)
              else value = { redis.call('GET', name) } end
              all[#all + 1] = { string.sub(name, #KEYS[1] + 2), kind, tostring(redis.call('PTTL', name)), value }
            end
            return all
            """
        for entry in try await store.send(RedisCommand("EVAL", script, "1", store.key)).array ?? [] {
            guard let parts = entry.array, parts.count == 4, let name = parts[0].string, let kind = parts[1].string,
                let lifetime = parts[2].string.flatMap({ Int($0) }), let values = parts[3].array
            else { throw Unexpected("census") }
            lifetimes[name] = lifetime
            add(name, kind, values.map { $0.string ?? "" })
        }
    }

    private mutating func add(_ name: String, _ kind: String, _ values: [String]) {
        switch kind {
        case "hash":
            var fields: [String: String] = [:]
            for index in stride(from: 0, to: values.count - 1, by: 2) { fields[values[index]] = values[index + 1] }
            if name.hasPrefix("inv:") { events[String(name.dropFirst(4))] = fields } else { hashes[name] = fields }
        case "zset", "set": sets[name] = Set(values)
        case "list": lists[name] = values
        default: texts[name] = values.first
        }
    }

    var functions: Set<String> { Set(events.values.compactMap { $0["f"] }).union(sets["functions"] ?? []) }

    /// Every event is in exactly one place, only ends expire, and the counters agree.
    func check(sourceLocation: SourceLocation = #_sourceLocation) {
        var places: [String: [String]] = [:]
        for function in functions {
            for (place, part) in [
                ("queued", "ready"), ("queued", "waiting"), ("queued", "parked"), ("delayed", "delayed"),
                ("running", "running"),
                ("dead", "dlq"),
            ] {
                for id in sets["fn:\(function):\(part)"] ?? [] {
                    places[id, default: []].append(place)
                    #expect(events[id]?["f"] == function, "\(id) in \(part)", sourceLocation: sourceLocation)
                }
            }
            checkGroups(of: function, sourceLocation)
            checkCounters(of: function, sourceLocation)
        }
        for (id, event) in events { check(id, event, places[id] ?? [], sourceLocation) }
        let alive = { state in Set(events.filter { $0.value["s"] == state }.keys) }
        #expect(sets["leases"] ?? [] == alive("running"), sourceLocation: sourceLocation)
        #expect(sets["delayed"] ?? [] == alive("delayed"), sourceLocation: sourceLocation)
        let dead = Set(events.filter { $0.value["s"] == "dead" }.map { "\($0.value["f"] ?? ""):\($0.key)" })
        #expect(sets["dead"] ?? [] == dead, sourceLocation: sourceLocation)
        checkContents(sourceLocation)
        checkKeys(sourceLocation)
    }

    private func check(_ id: String, _ event: [String: String], _ places: [String], _ at: SourceLocation) {
        let state = event["s"] ?? "none"
        let lifetime = lifetimes["inv:\(id)"] ?? -3
        switch state {
        case "queued", "delayed", "running":
            #expect(places == [state], "\(id) is \(state)", sourceLocation: at)
            #expect(lifetime == -1, "a live event expires: \(id)", sourceLocation: at)
        case "dead":
            #expect(places == ["dead"], "\(id)", sourceLocation: at)
            #expect(lifetime > 0, sourceLocation: at)
        case "succeeded", "cancelled":
            #expect(places.isEmpty, "\(id) is \(state)", sourceLocation: at)
            #expect(lifetime > 0, "an ended event stays for ever: \(id)", sourceLocation: at)
        default: Issue.record("\(id) has the state \(state)", sourceLocation: at)
        }
    }

    private func checkGroups(of function: String, _ at: SourceLocation) {
        let waiting = sets["fn:\(function):waiting"] ?? []
        var behind: Set<String> = []
        for (name, ids) in lists where name.hasPrefix("fn:\(function):g:") {
            behind.formUnion(ids.dropFirst())
            for id in ids {
                let state = events[id]?["s"]
                #expect(["queued", "delayed", "running"].contains(state), "\(id) in a group", sourceLocation: at)
            }
        }
        // Those that were taken together with the first one run; the others wait.
        #expect(waiting == behind.filter { events[$0]?["s"] != "running" }, sourceLocation: at)
    }

    private func checkCounters(of function: String, _ at: SourceLocation) {
        let counters = hashes["fn:\(function):n"] ?? [:]
        let count = { counters[$0].flatMap { Int($0) } ?? 0 }
        let ended =
            count("succeeded") + count("dead") + count("cancelled") + count("filtered") + count("moved")
            + count("purged")
        let live = events.values.filter { $0["f"] == function && ["queued", "delayed", "running"].contains($0["s"]) }
        #expect(count("accepted") + count("redriven") - ended == live.count, "\(function)", sourceLocation: at)
    }

    private func checkContents(_ at: SourceLocation) {
        var references: [String: Int] = [:]
        for event in events.values {
            for field in ["r", "rr"] {
                if let ref = event[field] { references[ref, default: 0] += 1 }
            }
        }
        var counted: [String: Int] = [:]
        for (name, text) in texts where name.hasPrefix("blob:") { counted[String(name.dropFirst(5))] = Int(text) }
        #expect(counted == references, sourceLocation: at)
    }

    private func checkKeys(_ at: SourceLocation) {
        for (id, event) in events {
            guard let key = event["k"] else { continue }
            #expect(sets["key:\(key)"]?.contains(id) == true, "\(id) is not under its key", sourceLocation: at)
        }
        for (name, ids) in sets where name.hasPrefix("key:") {
            let lives = ids.contains { ["queued", "delayed", "running"].contains(events[$0]?["s"]) }
            #expect((lifetimes[name] == -1) == lives, "\(name)", sourceLocation: at)
        }
    }
}
