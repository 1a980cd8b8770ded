import ArgumentParser

/// The flags of `glo serve`. Each may also be given as an environment variable or as a key of the configuration file.
struct ServeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Directory that functions are dropped into (default: ./functions).", valueName: "dir"))
    var functions: String?

    @Option(
        help: ArgumentHelp(
            "State directory: versions, logs, admin socket (default: ./.glo, for root /var/lib/glo).", valueName: "dir")
    )
    var state: String?

    @Option(
        help: ArgumentHelp("Public address (default: 127.0.0.1:8080; port 0 is any free one).", valueName: "host:port"))
    var listen: String?

    @Option(
        help: ArgumentHelp(
            "Admin API on TCP too (default: off; needs a token or an access key, see `glo token create`).",
            valueName: "host:port"))
    var adminListen: String?

    @Option(
        help: ArgumentHelp(
            "Redis for events: a URL, or off (default: one of its own in the state directory).", valueName: "url"))
    var redis: String?

    @Flag(help: "Use a Redis that would lose events (see docs/events.md).")
    var redisUnsafe = false

    @Option(
        help: ArgumentHelp("Prefix of the keys in Redis, glo:{NAME}: (default: default).", valueName: "name"))
    var redisNamespace: String?

    @Option(help: ArgumentHelp("Memory of its own Redis (default: a quarter of the host's).", valueName: "size"))
    var redisMemory: String?

    @Option(
        help: ArgumentHelp(
            "When its own Redis syncs to the disk: always or everysec, which loses events at a power cut; for tests.",
            valueName: "policy", visibility: .hidden))
    var redisAppendfsync: String?

    @Option(
        help: ArgumentHelp(
            "Private addresses that results may be sent to, separated by commas (default: none).",
            valueName: "addresses"))
    var outboundAllow: String?

    @Option(
        help: ArgumentHelp(
            "docker, or process: no isolation, for development only (default: docker).", valueName: "kind"))
    var isolation: String?

    @Option(help: ArgumentHelp("YAML file with any of these keys.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "trace, debug, info, notice, warning, error or critical (default: info).", valueName: "level"))
    var logLevel: String?

    @Option(help: ArgumentHelp("json or text (default: text on a terminal, else json).", valueName: "format"))
    var logFormat: String?

    @Option(
        help: ArgumentHelp(
            "Share of the host's memory that all workers' containers may add up to (default: 80).", valueName: "percent"
        ))
    var memoryBudget: String?

    @Option(help: ArgumentHelp("Containers kept started without a function (default: 2).", valueName: "number"))
    var spares: String?

    @Option(
        help: ArgumentHelp("How long running invocations may go on after SIGTERM (default: 30s).", valueName: "time"))
    var drainTimeout: String?

    @Option(help: ArgumentHelp("Largest request body (default: 6Mi).", valueName: "size"))
    var maxBody: String?

    @Option(
        help: ArgumentHelp(
            "What request bodies that have arrived in part may hold together (default: 256Mi).", valueName: "size"))
    var bodyMemory: String?

    @Option(help: ArgumentHelp("Public connections of one address (default: 100).", valueName: "number"))
    var maxConnectionsPerAddress: String?

    @Option(
        help: ArgumentHelp(
            "Proxies whose X-Forwarded-For is believed, separated by commas (default: none).", valueName: "addresses"))
    var trustedProxies: String?

    @Option(
        help: ArgumentHelp("Count invocations, for /metrics and glo top: on or off (default: on).", valueName: "on"))
    var metrics: String?

    @Option(
        help: ArgumentHelp(
            "Invocations of each function that are remembered; off writes no START and END lines either (default: 1000).",
            valueName: "number"))
    var records: String?

    @Option(
        help: ArgumentHelp(
            "Send traces to this OTLP/HTTP collector, such as http://localhost:4318/v1/traces (default: off).",
            valueName: "url"))
    var traces: String?

    @Option(help: ArgumentHelp("Share of new traces that are recorded, 0 to 1 (default: 0.01).", valueName: "share"))
    var traceSample: String?

    @Option(
        help: ArgumentHelp(
            "Where this machine stands, such as 'Oslo, Norway', for `glo doctor --residency`.", valueName: "place"))
    var location: String?

    /// The flags that were given, by the keys that environment and file use too.
    var given: [String: String] {
        [
            "functions": functions, "state": state, "listen": listen, "adminListen": adminListen, "redis": redis,
            "redisUnsafe": redisUnsafe ? "true" : nil, "redisNamespace": redisNamespace, "redisMemory": redisMemory,
            "redisAppendfsync": redisAppendfsync, "outboundAllow": outboundAllow,
            "isolation": isolation, "logLevel": logLevel, "logFormat": logFormat, "memoryBudget": memoryBudget,
            "spares": spares, "drainTimeout": drainTimeout, "maxBody": maxBody, "bodyMemory": bodyMemory,
            "maxConnectionsPerAddress": maxConnectionsPerAddress, "trustedProxies": trustedProxies,
            "metrics": metrics, "records": records, "traces": traces, "traceSample": traceSample,
            "location": location,
        ].compactMapValues(\.self)
    }
}
