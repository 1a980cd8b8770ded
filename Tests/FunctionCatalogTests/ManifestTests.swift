import FunctionModel
import Testing

@testable import FunctionCatalog

@Suite("function.yaml")
struct ManifestTests {
    private func parse(_ text: String) -> ParsedManifest { ManifestParser.parse(text, path: "function.yaml") }

    @Test("An empty manifest is the default one", arguments: ["", "# nothing\n", "{}", "---\n"])
    func empty(text: String) {
        let parsed = parse(text)
        #expect(parsed.errors.isEmpty)
        #expect(parsed.manifest == Manifest())
    }

    @Test("Every key is understood")
    func everything() throws {
        let parsed = parse(
            """
            description: Says hello
            command: [./bootstrap, "--flag", 8080, ""]
            contract: lambda
            handler: app.handle
            image: debian:bookworm-slim
            memory: 256MB
            cpu: 500m
            timeout: 1.5s
            initTimeout: 20s
            network: egress
            processes: 64
            tmp: 32Mi
            payload: raw
            workers: {min: 1, max: 4, concurrency: 10, idle: 5m, queue: 50, maxInvocations: 1000, maxAge: 1h}
            environment: {LOG: info, LEVEL: 3, ON: true, NOTHING: "", "_x": null0}
            secrets: [db_url, api.key]
            triggers:
              - http: {path: "/hello/{id}", methods: [GET, POST], mode: sync, auth: none}
              - http: /files/{rest+}
              - topic: {name: orders, batch: 10, window: 100ms}
              - topic: plain
              - schedule: {cron: "*/5 8-18 * jan-mar mon,fri", timezone: Europe/Oslo, overlap: allow}
              - schedule: {every: 10m}
            async:
              attempts: 5
              maxAge: 1h
              backoff: {base: 2s, max: 1m}
              concurrency: 4
              rate: 100/m
              queue: 5000
              priority: 2
              keep: 0s
              keepDead: 7d
              keepPayload: true
              callbacks: true
              onSuccess: topic:done
              onFailure: function:alerts
            """)
        #expect(parsed.errors.isEmpty)
        let manifest = parsed.manifest
        #expect(manifest.description == "Says hello")
        #expect(manifest.command == ["./bootstrap", "--flag", "8080", ""])
        #expect(manifest.contract == .lambda)
        #expect(manifest.handler == "app.handle")
        #expect(manifest.image == "debian:bookworm-slim")
        #expect(manifest.limits.memoryBytes == 256_000_000)
        #expect(manifest.limits.cpuMillis == 500)
        #expect(manifest.limits.timeoutMilliseconds == 1500)
        #expect(manifest.limits.initTimeoutMilliseconds == 20_000)
        #expect(manifest.limits.processes == 64)
        #expect(manifest.limits.temporaryBytes == 32 << 20)
        #expect(manifest.network == .egress)
        #expect(manifest.payload == .raw)
        #expect(manifest.workers.min == 1 && manifest.workers.max == 4 && manifest.workers.concurrency == 10)
        #expect(manifest.workers.idleMilliseconds == 300_000 && manifest.workers.queue == 50)
        #expect(manifest.workers.maxInvocations == 1000 && manifest.workers.maxAgeMilliseconds == 3_600_000)
        #expect(
            manifest.environment == ["LOG": "info", "LEVEL": "3", "ON": "true", "NOTHING": "", "_x": "null0"])
        #expect(manifest.secrets == ["db_url", "api.key"])
        #expect(manifest.asyncSettings.attempts == 5)
        #expect(manifest.asyncSettings.onSuccess == .topic("done"))
        #expect(manifest.asyncSettings.onFailure == FunctionName("alerts").map { .function($0) })
        try expectTriggers(#require(manifest.triggers))
        expectAsync(manifest.asyncSettings)
        #expect(parsed.warnings.isEmpty)
    }

    private func expectAsync(_ settings: AsyncSettings) {
        #expect(settings.maxAgeMilliseconds == 3_600_000)
        #expect(settings.backoffBaseMilliseconds == 2_000 && settings.backoffCapMilliseconds == 60_000)
        #expect(settings.concurrency == 4 && settings.queue == 5_000 && settings.priority == 2)
        #expect(settings.rate == EventRate(count: 100, perMilliseconds: 60_000))
        #expect(settings.resultRetentionMilliseconds == 0)
        #expect(settings.deadRetentionMilliseconds == 604_800_000)
        #expect(settings.keepsPayload && settings.callbacks)
    }

    @Test("A destination may be a URL with the name of the secret that signs what is sent there")
    func urlDestination() {
        let parsed = ManifestParser.parse(
            "async: {onSuccess: 'https://a.example/x', onFailure: {url: 'https://b.example', secret: hook}}",
            path: "function.yaml")
        #expect(parsed.errors.isEmpty)
        #expect(parsed.manifest.asyncSettings.onSuccess == .url("https://a.example/x", secret: nil))
        #expect(parsed.manifest.asyncSettings.onFailure == .url("https://b.example", secret: "hook"))
    }

    @Test("A URL may want its record as a CloudEvent; no other destination can")
    func cloudEventDestination() {
        let parsed = ManifestParser.parse(
            "async: {onFailure: {url: 'https://b.example', secret: hook, format: cloudevents}}", path: "function.yaml")
        #expect(parsed.errors.isEmpty)
        #expect(parsed.manifest.asyncSettings.onFailure == .cloudEvent("https://b.example", secret: "hook"))
        for wrong in ["{url: 'topic:x', format: cloudevents}", "{url: 'https://b.example', format: xml}"] {
            #expect(ManifestParser.parse("async: {onFailure: \(wrong)}", path: "function.yaml").errors.count == 1)
        }
    }

    @Test("A topic may be disabled and filtered; a pattern that is none is refused with its line")
    func filters() {
        let parsed = ManifestParser.parse(
            """
            triggers:
              - topic:
                  name: orders
                  enabled: false
                  filter:
                    - '{"body": {"type": ["new"]}}'
            """, path: "function.yaml")
        #expect(parsed.errors.isEmpty)
        var topic = TopicTrigger(name: "orders")
        topic.isEnabled = false
        topic.filters = [#"{"body": {"type": ["new"]}}"#]
        #expect(parsed.manifest.triggers == [.topic(topic)])
        let wrong = ManifestParser.parse(
            "triggers:\n  - topic: {name: a, filter: ['{\"body\": \"x\"}']}", path: "function.yaml")
        #expect(wrong.errors.map(\.line) == [2])
        #expect(wrong.errors.first?.message.contains("'body' must be an object or a list") == true)
    }

    @Test("A route may publish to a topic; then it answers at once")
    func topicRoute() {
        let parsed = ManifestParser.parse(
            "triggers: [{http: {path: /orders, topic: orders}}]", path: "function.yaml")
        #expect(parsed.errors.isEmpty)
        #expect(
            parsed.manifest.triggers == [.http(HTTPTrigger(path: "/orders", mode: .async, topic: "orders"))])
    }

    @Test("Each kind of trigger may name an alias")
    func aliasTriggers() {
        let parsed = ManifestParser.parse(
            """
            triggers:
              - http: {path: /a, alias: live}
              - topic: {name: orders, alias: canary-2}
              - schedule: {every: 1h, alias: live}
            """, path: "function.yaml")
        #expect(parsed.errors.isEmpty)
        var topic = TopicTrigger(name: "orders")
        topic.alias = "canary-2"
        var schedule = ScheduleTrigger()
        schedule.everyMilliseconds = 3_600_000
        schedule.alias = "live"
        #expect(
            parsed.manifest.triggers == [
                .http(HTTPTrigger(path: "/a", alias: "live")), .topic(topic), .schedule(schedule),
            ])
    }

    private func expectTriggers(_ triggers: [Trigger]) {
        var orders = TopicTrigger(name: "orders")
        orders.batch = 10
        orders.windowMilliseconds = 100
        var cron = ScheduleTrigger()
        cron.cron = "*/5 8-18 * jan-mar mon,fri"
        cron.timezone = "Europe/Oslo"
        cron.overlap = .allow
        var every = ScheduleTrigger()
        every.everyMilliseconds = 600_000
        #expect(
            triggers == [
                .http(HTTPTrigger(path: "/hello/{id}", methods: ["GET", "POST"])),
                .http(HTTPTrigger(path: "/files/{rest+}")), .topic(orders), .topic(TopicTrigger(name: "plain")),
                .schedule(cron), .schedule(every),
            ])
    }

    @Test("Each mistake is told with its line and what is allowed", arguments: mistakes)
    func mistake(text: String, expected: [String]) {
        #expect(parse(text).errors.map(\.description) == expected.map { "function.yaml:\($0)" })
    }

    static let allKeys = ManifestParser.keys.joined(separator: ", ")

    static let mistakes: [(String, [String])] =
        [
            // Keys
            ("cpu: 1\n\nmemroy: 1Gi", ["3: unknown key 'memroy' (did you mean 'memory'?)"]),
            ("Timeout: 1s", ["1: unknown key 'Timeout' (did you mean 'timeout'?)"]),
            ("zzzzzzz: 1", ["1: unknown key 'zzzzzzz' (allowed keys: \(allKeys))"]),
            ("workers: {mx: 1}", ["1: unknown key 'mx' in 'workers' (did you mean 'max'?)"]),
            (
                "triggers:\n  - http: {pth: /x}",
                [
                    "2: unknown key 'pth' in 'triggers[0].http' (did you mean 'path'?)",
                    "2: 'triggers[0].http' has no 'path' (write path: /something)",
                ]
            ),
            ("[a]: 1", ["1: a key must be a plain word"]),
            ("- a", ["1: the manifest must be a mapping of keys to values (allowed keys: \(allKeys))"]),
            ("hello", ["1: the manifest must be a mapping of keys to values (allowed keys: \(allKeys))"]),
            ("memory:", ["1: 'memory' has no value (give one or remove the key)"]),
            ("cpu: 1\ncpu: 2", ["1: the same key comes twice: 'cpu'"]),
            ("a: [", ["2: this is not valid YAML: did not find expected node content"]),
        ] + commandMistakes + quantityMistakes + structureMistakes + triggerMistakes

    static let commandMistakes: [(String, [String])] = [
        ("command: ./run it", ["1: 'command' is './run it'; it must be a list (write [./run, it])"]),
        ("command: {a: b}", ["1: 'command' is a mapping; it must be a list"]),
        ("command: []", ["1: 'command' is an empty list"]),
        ("command: [a, [b]]", ["1: 'command[1]' is a list; it must be a text"]),
        (
            "contract: lamda",
            ["1: 'contract' is 'lamda'; it must be one of lambda, http, exec, stdio (did you mean 'lambda'?)"]
        ),
        ("network: [none]", ["1: 'network' is a list; it must be one of none, egress"]),
        ("payload: Event", ["1: 'payload' is 'Event'; it must be one of event, raw (did you mean 'event'?)"]),
        (
            "contract: exec\nhandler: a.b",
            [
                "2: 'handler' has no meaning for the contract exec"
                    + " (it is for 'runtime' and for contract: lambda)"
            ]
        ),
    ]

    static let quantityMistakes: [(String, [String])] = [
        ("memory: 128", ["1: 'memory' is '128', which is not a size (write 128Mi, 1Gi or 256MB)"]),
        ("memory: lots", ["1: 'memory' is 'lots', which is not a size (write 128Mi, 1Gi or 256MB)"]),
        ("memory: [1Gi]", ["1: 'memory' is a list, which is not a size (write 128Mi, 1Gi or 256MB)"]),
        ("memory: 1Mi", ["1: 'memory' is 1Mi, below the minimum of 16Mi"]),
        ("memory: 2048Gi", ["1: 'memory' is 2048Gi, above the maximum of 1024Gi"]),
        ("cpu: 0", ["1: 'cpu' is 0, below the minimum of 10m"]),
        ("cpu: half", ["1: 'cpu' is 'half', which is not a number of processors (write 0.5, 2 or 500m)"]),
        ("timeout: 30", ["1: 'timeout' is '30', which is not a duration (write 500ms, 30s, 2m or 6h)"]),
        ("timeout: 16m", ["1: 'timeout' is 16m, above the maximum of 15m"]),
        ("timeout: 0s", ["1: 'timeout' is 0s, below the minimum of 1ms"]),
        ("timeout: -1s", ["1: 'timeout' is '-1s', which is not a duration (write 500ms, 30s, 2m or 6h)"]),
        ("processes: many", ["1: 'processes' is 'many'; it must be a whole number (4 to 32768)"]),
        (
            "memory: 32Mi\ntmp: 64Mi",
            [
                "2: 'tmp' is larger than 'memory', which is 32Mi (what lies in /tmp counts against the memory)"
            ]
        ),
        ("workers: {min: 3, max: 2}", ["1: 'workers.min' is 3, more than 'workers.max', which is 2"]),
        ("workers: {max: -1}", ["1: 'workers.max' is -1, below the minimum of 0"]),
        (
            "workers: 3",
            [
                "1: 'workers' must be a mapping of keys to values"
                    + " (allowed keys: min, max, concurrency, idle, queue, maxInvocations, maxAge)"
            ]
        ),
        (
            "contract: stdio\nworkers: {concurrency: 2}",
            [
                "2: 'workers.concurrency' is 2, but a stdio handler answers one event at a time (use workers.max)"
            ]
        ),
        (
            "memory: 1Mi\ntimeout: 30\nnetwork: host",
            [
                "1: 'memory' is 1Mi, below the minimum of 16Mi",
                "2: 'timeout' is '30', which is not a duration (write 500ms, 30s, 2m or 6h)",
                "3: 'network' is 'host'; it must be one of none, egress",
            ]
        ),
    ]

    static let structureMistakes: [(String, [String])] = [
        ("environment: [A]", ["1: 'environment' is a list; it must be a mapping of names to texts"]),
        (
            "environment:\n  1A: x",
            [
                "2: '1A' is no name of an environment variable (letters, digits and '_', not beginning with a digit)"
            ]
        ),
        ("environment: {A: [1]}", ["1: 'environment.A' is a list; it must be a text"]),
        ("environment: {A: }", ["1: 'environment.A' is empty; it must be a text (write \"\" for an empty one)"]),
        (
            "environment: {_HANDLER: x}",
            [
                "1: the environment variable '_HANDLER' is reserved: Glo sets it for the handler"
            ]
        ),
        (
            "environment: {AWS_LAMBDA_RUNTIME_API: x}",
            [
                "1: the environment variable 'AWS_LAMBDA_RUNTIME_API' is reserved: Glo sets it for the handler"
            ]
        ),
        (
            "environment: {GLO_X: x}",
            [
                "1: the environment variable 'GLO_X' is reserved: names that begin with GLO_ are Glo's own"
            ]
        ),
        (
            "contract: http\nenvironment: {PORT: 80}",
            ["2: the environment variable 'PORT' is reserved: Glo chooses the port of an http handler"]
        ),
        ("secrets: [a, a]", ["1: the secret 'a' comes twice"]),
        (
            "secrets: [../a]",
            [
                "1: 'secrets[0]' is '../a', which is not a name of a secret (letters, digits, '_', '-' and '.')"
            ]
        ),
        (
            "async: {onFailure: nowhere}",
            [
                "1: 'async.onFailure' is 'nowhere', which is not a destination"
                    + " (write topic:NAME, function:NAME or https://HOST/PATH)"
            ]
        ),
        ("description: \"a\\nb\"", ["1: 'description' must not hold control characters"]),
    ]

    static let triggerMistakes: [(String, [String])] = [
        ("triggers: {http: /x}", ["1: 'triggers' is a mapping; it must be a list"]),
        ("triggers:\n  - {http: /x, topic: y}", ["2: 'triggers[0]' holds several triggers (one to a list item)"]),
        ("triggers: [{}]", ["1: 'triggers[0]' is empty (http, topic or schedule)"]),
        ("triggers: [{http: {path: x}}]", ["1: 'triggers[0].http.path' is 'x': a path begins with '/'"]),
        ("triggers: [{http: /_/health}]", ["1: 'triggers[0].http' is '/_/health': paths under /_/ are Glo's own"]),
        (
            "triggers: [{http: {path: /x, methods: [get]}}]",
            [
                "1: 'triggers[0].http.methods[0]' is 'get'; it must be one of"
                    + " DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT (did you mean 'GET'?)"
            ]
        ),
        (
            "triggers: [{http: {path: /x, mode: sync, topic: y}}]",
            [
                "1: 'triggers[0].http' publishes to a topic, so nobody can wait for an answer"
                    + " (remove mode, or write mode: async)"
            ]
        ),
        (
            "triggers: [{http: {path: /x, topic: y, alias: live}}]",
            [
                "1: 'triggers[0].http.alias' has no meaning with 'topic': its subscribers run"
                    + " (write alias at their triggers)"
            ]
        ),
        (
            "triggers: [{topic: {name: x, alias: a b}}]",
            [
                "1: 'triggers[0].topic.alias' is 'a b', which is no name of an alias:"
                    + " 1 to 128 letters, digits, '-' and '_', not digits alone"
            ]
        ),
        (
            "triggers: [{topic: {name: x, window: 1s}}]",
            ["1: 'triggers[0].topic.window' has no meaning without 'batch' (write batch: 10)"]
        ),
        (
            "triggers: [{schedule: {cron: '0 0 30 2 *'}}]",
            [
                "1: 'triggers[0].schedule.cron' is '0 0 30 2 *': it never fires, since no month of it has such a day"
            ]
        ),
        (
            "async: {rate: fast}",
            ["1: 'async.rate' is 'fast', which is not a rate (write 10/s, 100/m or 5/h)"]
        ),
        (
            "async: {backoff: {base: 10s, max: 1s}}",
            ["1: 'async.backoff.max' is less than 'async.backoff.base'"]
        ),
        (
            "triggers:\n  - http:\n      path: /x\n      auth: jwt",
            [
                "4: 'triggers[0].http.auth' is 'jwt', which protects nothing; the route is not served unprotected"
                    + " (write auth: none, or auth: {type: key, keys: [NAME]}, or type: jwt or hmac, or sigv4)"
            ]
        ),
        (
            "triggers: [{http: {path: /x, auth: {apiKey: a}}}]",
            ["1: 'triggers[0].http.auth' has no 'type' (key, jwt, hmac or sigv4)"]
        ),
        (
            "triggers: [{http: {path: /x, auth: }}]",
            [
                "1: 'triggers[0].http.auth' is empty, which protects nothing; the route is not served unprotected"
                    + " (write auth: none, or auth: {type: key, keys: [NAME]}, or type: jwt or hmac, or sigv4)"
            ]
        ),
        ("triggers: [{schedule: {}}]", ["1: 'triggers[0].schedule' needs either 'cron' or 'every'"]),
        (
            "triggers: [{schedule: {cron: '* * *'}}]",
            [
                "1: 'triggers[0].schedule.cron' is '* * *': it has 3 fields where there are five:"
                    + " minute hour day-of-month month day-of-week"
            ]
        ),
        (
            "triggers: [{schedule: {cron: '61 * * * *'}}]",
            [
                "1: 'triggers[0].schedule.cron' is '61 * * * *': '61' is no minute (0-59)"
            ]
        ),
        (
            "triggers: [{schedule: {every: 1m, timezone: Mars/Base}}]",
            [
                "1: 'triggers[0].schedule.timezone' is 'Mars/Base', which is no time zone"
                    + " (write UTC or a name such as Europe/Oslo)"
            ]
        ),
        ("triggers: [{topic: {batch: 2}}]", ["1: 'triggers[0].topic' has no 'name'"]),
    ]

    @Test("Memory below 128Mi makes /tmp smaller by itself")
    func smallMemory() {
        let parsed = parse("memory: 32Mi")
        #expect(parsed.errors.isEmpty)
        #expect(parsed.manifest.limits.temporaryBytes == 16 << 20)
    }

    @Test("Many workers that are always there raise the maximum")
    func manyWorkers() { #expect(parse("workers: {min: 20}").manifest.workers.max == 20) }

    @Test("Brackets without end are an error and not the end of the controller")
    func nested() {
        #expect(parse(String(repeating: "[", count: 60_000)).errors.map(\.code) == [.manifestSyntax])
        #expect(!parse("a: " + String(repeating: "[", count: 900) + String(repeating: "]", count: 900)).errors.isEmpty)
        #expect(!parse(String(repeating: "- ", count: 30_000)).errors.isEmpty)
    }

    @Test(
        "Route patterns are checked for their form",
        arguments: [
            ("/", nil), ("/a/b", nil), ("/a/{b}/{c+}", nil), ("/hello/*", nil),
            ("/a/", "a path does not end in '/'"), ("/a//b", "a path has no empty parts"),
            ("/a/{b}x", "'{b}x' is neither plain text nor one whole {parameter}"),
            ("/{a+}/b", "{a+} takes the rest of the path, so it comes last"),
            ("/{a}/{a}", "the parameter 'a' comes twice"),
            ("/a?b", "a path has no spaces, no '?', no '#' and nothing that is not ASCII"),
            ("/../x", "a path has no '.' and no '..'"),
            ("/{a-b}", "'a-b' is no name of a parameter: letters, digits and '_' only"),
        ] as [(String, String?)])
    func pattern(text: String, violation: String?) { #expect(RoutePatternRule.violation(text) == violation) }
}
