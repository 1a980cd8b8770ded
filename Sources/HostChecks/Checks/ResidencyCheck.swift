/// Every configured place that bytes can go, one finding each. What can leave is a warning: not wrong, but to be known.
package enum ResidencyCheck {
    private static let reason = "Data that stays in the country stays there only as far as nothing sends it elsewhere."

    package static func findings(_ facts: GloFacts) -> [Finding] {
        [location(facts), state(facts), redis(facts)] + functions(facts) + [
            traces(facts), outbound(facts), admin(facts),
        ]
    }

    private static func subject(_ id: String, _ title: String, good: String) -> Subject {
        Subject("residency.\(id)", title, good: good, why: reason)
    }

    private static func location(_ facts: GloFacts) -> Finding {
        let subject = subject("location", "This machine", good: "its place is written down")
        guard let location = facts.location else {
            return subject.warn(
                "its place is not configured", fix: "Say it in glo.yaml, such as `location: Oslo, Norway`.")
        }
        return subject.ok(location)
    }

    private static func state(_ facts: GloFacts) -> Finding {
        subject("state", "State directory", good: "on this machine")
            .ok("\(facts.stateDirectory): versions, logs, secrets, events; backups of it are yours to place")
    }

    private static func redis(_ facts: GloFacts) -> Finding {
        let subject = subject("redis", "Events", good: "in Glo's own Redis, which has no replica and no network")
        switch facts.redis.keeper {
        case .off: return subject.ok("not stored")
        case .own: return subject.ok("in Glo's own Redis, on a Unix socket, without a replica")
        case .outside(let place, _, _), .reported(let place):
            if isLocal(place) {
                return subject.ok("\(place), on this machine; its replicas, if any, are yours to know")
            }
            return subject.warn(
                "\(place), another machine, and its replicas",
                fix: "See `redis-cli INFO replication` for the replicas, or let Glo run its own Redis.")
        }
    }

    private static func isLocal(_ place: String) -> Bool {
        ["unix:", "redis://127.", "redis://localhost", "redis://[::1]"].contains { place.hasPrefix($0) }
    }

    private static func functions(_ facts: GloFacts) -> [Finding] {
        let functions = facts.functions ?? []
        let egress = functions.filter(\.hasEgress).map(\.name)
        let destinations = functions.flatMap { function in
            function.destinations.map { "\(function.name) -> \(host(ofURL: $0))" }
        }
        let keySets = functions.flatMap { function in
            function.keySets.map { "\(function.name) <- \(host(ofURL: $0))" }
        }
        let callbacks = functions.filter(\.allowsCallbacks).map(\.name)
        let images = functions.compactMap { function in
            function.image.map { "\(function.name) <- \(registry(of: $0))" }
        }
        return [
            list(
                subject("egress", "Functions with a network", good: "none"), egress,
                fix: "Remove `network: egress` where it is not needed."),
            list(
                subject("destinations", "Results sent to URLs", good: "none"), destinations,
                fix: "See that these hosts may have the data; `topic:` destinations stay here."),
            list(
                subject("callbacks", "Results sent where callers say", good: "none"), callbacks,
                fix: "Remove `callbacks: true` where callers need no callback."),
            list(
                subject("keys", "Keys for tokens, fetched from URLs", good: "none"), keySets,
                fix: "Fetching tells the issuer your address; nothing else is sent. A secret or a file stays here."),
            list(
                subject("images", "Image registries", good: "none: the built-in image"), images,
                fix:
                    "Pulls tell the registry your address; nothing else is sent. Leave `image` out where /usr has it all."
            ),
        ]
    }

    private static func list(_ subject: Subject, _ items: [String], fix: String) -> Finding {
        items.isEmpty ? subject.ok("none") : subject.warn(items.joined(separator: ", "), fix: fix)
    }

    private static func traces(_ facts: GloFacts) -> Finding {
        let subject = subject("traces", "Traces", good: "none are sent, or to this machine")
        guard let url = facts.tracesURL else { return subject.ok("none are sent") }
        let place = host(ofURL: url)
        if isLoopback(place) { return subject.ok(place) }
        return subject.warn(
            "\(place): names of functions, ids and times; nothing that requests carry",
            fix: "Let the collector run on this machine, or leave `traces` out.")
    }

    private static func isLoopback(_ address: String) -> Bool {
        address.hasPrefix("127.") || address.hasPrefix("[::1]") || address.hasPrefix("localhost")
    }

    private static func outbound(_ facts: GloFacts) -> Finding {
        let subject = subject("outbound", "Private addresses for results", good: "none")
        guard !facts.outboundAllowed.isEmpty else { return subject.ok("none") }
        return subject.warn(
            facts.outboundAllowed.joined(separator: ", "), fix: "Shorten outboundAllow to what is needed.")
    }

    private static func admin(_ facts: GloFacts) -> Finding {
        let subject = subject("admin", "Admin API", good: "on its Unix socket, or on loopback")
        guard let address = facts.adminAddress else { return subject.ok("on its Unix socket") }
        if isLoopback(address) { return subject.ok(address) }
        return subject.warn("\(address): events and logs can be read from there", fix: "Let it listen on 127.0.0.1.")
    }

    /// `https://user@host:443/path` is `host:443`.
    static func host(ofURL url: String) -> String {
        let scheme = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard scheme.count == 3 else { return url }
        let authority = scheme[2].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return String(authority.split(separator: "@").last ?? authority)
    }

    /// A name whose first part has a dot or a colon, or is `localhost`, names its registry; any other is of docker.io.
    static func registry(of image: String) -> String {
        guard let first = image.split(separator: "/").first, image.contains("/") else { return "docker.io" }
        return first.contains(".") || first.contains(":") || first == "localhost" ? String(first) : "docker.io"
    }
}
