import Testing

@testable import FunctionImport

@Suite("What each format says, key by key")
struct FormatDetailsTests {
    private typealias Value = ManifestDocument.Value

    private func imported(_ text: String, environment: [String: String] = [:]) throws -> (ImportedFunction, ImportPlan)
    {
        let plan = try Importer.plan(text, path: "file", environment: environment)
        return (try #require(plan.functions.first), plan)
    }

    private func hasNote(_ plan: ImportPlan, _ place: String, _ words: String = "") -> Bool {
        plan.notes.contains {
            $0.place.hasSuffix(place) && $0.message.contains(words) && $0.line != nil && $0.file == "file"
        }
    }

    // MARK: SAM

    private func sam(_ properties: String, globals: String = "{}") throws -> (ImportedFunction, ImportPlan) {
        let plan = try Importer.plan(
            """
            Globals: \(globals)
            Resources:
              f: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.12, Handler: a.b, \(properties)}}
              Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs, RedrivePolicy: {maxReceiveCount: 7}}}
              Done: {Type: AWS::SNS::Topic, Properties: {TopicName: done}}
              Other: {Type: AWS::Serverless::Function, Properties: {FunctionName: other-one, Runtime: python3.12, Handler: a.b}}
            """, path: "file")
        return (try #require(plan.functions.first), plan)
    }

    @Test(
        "Limits of SAM",
        arguments: [
            ("MemorySize: 512, Timeout: 30", "memory", "512Mi"), ("MemorySize: '512'", "memory", "512Mi"),
            ("Timeout: 30", "timeout", "30s"),
            ("Timeout: 30.0", "timeout", "30s"), ("MemorySize: x", "memory", "128Mi"),
            ("MemorySize: !Ref Gone", "memory", "128Mi"),
            ("Timeout: 1.5", "timeout", "3s"), ("MemorySize: 1024, EphemeralStorage: {Size: 512}", "tmp", "512Mi"),
            ("MemorySize: 256, EphemeralStorage: {Size: 10240}", "tmp", "256Mi"),
            ("Description: \"a\\n  b\"", "description", "a b"),
        ])
    func limits(_ properties: String, _ key: String, _ expected: String) throws {
        #expect(try sam(properties).0.manifest[key] == .text(expected))
    }

    @Test(
        "What is no number is left out with a note",
        arguments: [
            ("MemorySize: x", "MemorySize"), ("Timeout: 1.5", "Timeout"), ("Timeout: [3]", "Timeout"),
            ("Timeout: !Ref Gone", "Timeout"),
        ])
    func notNumbers(_ properties: String, _ place: String) throws {
        #expect(hasNote(try sam(properties).1, "f.Properties.\(place)"))
    }

    @Test("No function at once is none here too, and more than there can be is the most that there is")
    func concurrency() throws {
        for (text, expected) in [("0", 0), ("5", 5), ("100000", 1000)] {
            let manifest = try sam("ReservedConcurrentExecutions: \(text)").0.manifest
            #expect(manifest["workers"] == .members([("max", .number(expected))]))
        }
    }

    @Test(
        "Code of SAM",
        arguments: [
            ("CodeUri: src/", "src/", nil), ("CodeUri: built.zip", nil, "built.zip"),
            ("CodeUri: app.jar", nil, "app.jar"),
            ("Description: x", ".", nil), ("CodeUri: s3://b/k", nil, nil), ("CodeUri: {Bucket: b, Key: k}", nil, nil),
            ("CodeUri: !Ref Gone", nil, nil), ("CodeUri: https://x/y.zip", nil, nil),
            ("PackageType: Image, ImageUri: x", nil, nil),
        ] as [(String, String?, String?)])
    func code(_ properties: String, _ directory: String?, _ archive: String?) throws {
        let (function, plan) = try sam(properties)
        #expect(function.sourceDirectory == directory)
        #expect(function.sourceArchive == archive)
        if directory == nil, archive == nil { #expect(!plan.notes.isEmpty) }
    }

    @Test(
        "Inline code is written where the handler looks for it, and nowhere else",
        arguments: [
            ("index.handler", "index.py"), ("a-b_1.h", "a-b_1.py"), ("../up.handler", nil), ("/etc/x.handler", nil),
            ("a/b.handler", nil),
            (".handler", nil),
        ] as [(String, String?)])
    func inline(_ handler: String, _ expected: String?) throws {
        let plan = try Importer.plan(
            "Resources: {f: {Type: 'AWS::Serverless::Function', Properties: {Runtime: python3.12, Handler: \(handler), InlineCode: x}}}",
            path: "file")
        #expect(plan.functions.first?.files.map(\.name) == (expected.map { [$0] } ?? []))
    }

    @Test("Inline code in which the region stands cannot be told")
    func inlineRegion() throws {
        let (function, plan) = try sam("InlineCode: !Sub \"R = '${AWS::Region}'\"")
        #expect(function.files.isEmpty && hasNote(plan, "InlineCode"))
    }

    @Test("Destinations and retries")
    func destinations() throws {
        let (function, plan) = try sam(
            "EventInvokeConfig: {MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60, DestinationConfig: {OnSuccess: {Type: SNS, Destination: !Ref Done}, OnFailure: {Type: Lambda, Destination: !GetAtt Other.Arn}}}"
        )
        #expect(
            function.manifest["async"]
                == .members([
                    ("attempts", .number(2)), ("maxAge", .text("60s")), ("onSuccess", .text("topic:done")),
                    ("onFailure", .text("function:other-one")),
                ]))
        #expect(!hasNote(plan, "EventInvokeConfig"))
        let (_, odd) = try sam(
            "EventInvokeConfig: {DestinationConfig: {OnSuccess: {Type: EventBridge, Destination: x}, OnFailure: {Type: SQS, Destination: !Ref Gone}}}"
        )
        #expect(hasNote(odd, "OnSuccess", "not carried over") && hasNote(odd, "OnFailure", "not carried over"))
    }

    private func triggers(_ function: ImportedFunction) -> [Value] {
        if case .list(let items)? = function.manifest["triggers"] { return items }
        return []
    }

    @Test("A queue's event has batch, window, filters, and the queue's receive count")
    func queue() throws {
        let (function, plan) = try sam(
            "Events: {Q: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, BatchSize: 2000, MaximumBatchingWindowInSeconds: 400, FunctionResponseTypes: [ReportBatchItemFailures], FilterCriteria: {Filters: [{Pattern: '{\"a\": [1]}'}]}}}}"
        )
        #expect(
            triggers(function) == [
                .members([
                    (
                        "topic",
                        .members([
                            ("name", .text("jobs")), ("batch", .number(1000)), ("window", .text("300s")),
                            ("reportBatchItemFailures", .truth(true)), ("filter", .list([.text("{\"a\": [1]}")])),
                        ])
                    )
                ])
            ])
        #expect(function.manifest["async"] == .members([("attempts", .number(7))]))
        #expect(!hasNote(plan, "Events.Q"))
    }

    @Test(
        "An event of which something cannot be told is not written, whatever it is",
        arguments: [
            "{Type: SQS, Properties: {Queue: !Ref Gone}}", "{Type: SQS, Properties: {BatchSize: 1}}",
            "{Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, Enabled: !Ref Gone}}",
            "{Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, Enabled: false}}",
            "{Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, FilterCriteria: {Filters: [{Pattern: !Ref Gone}]}}}",
            "{Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, FilterCriteria: !Ref Gone}}",
            "{Type: SNS, Properties: {Topic: !Ref Gone}}",
            "{Type: SNS, Properties: {Topic: !Ref Done, FilterPolicy: {a: [b]}}}",
            "{Type: SNS, Properties: {Topic: 'a b'}}",
            "{Type: Schedule, Properties: {Schedule: !Ref Gone}}",
            "{Type: Schedule, Properties: {Schedule: rate(0 days)}}",
            "{Type: Schedule, Properties: {Schedule: rate(1 day), Enabled: false}}",
            "{Type: Schedule, Properties: {Schedule: rate(1 day), Enabled: !Ref Gone}}",
            "{Type: Schedule, Properties: {Schedule: rate(1 day), Input: !Ref Gone}}",
            "{Type: Schedule, Properties: {Name: x}}",
            "{Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day), State: DISABLED}}",
            "{Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day), State: !Ref Gone}}",
            "{Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day), ScheduleExpressionTimezone: !Ref Gone}}",
            "{Type: S3, Properties: {Bucket: b}}", "{Type: !Ref Gone, Properties: {}}", "!Ref Gone",
        ])
    func unknownEvents(_ event: String) throws {
        let (function, plan) = try sam("Events: {E: \(event)}")
        #expect(triggers(function) == [])
        #expect(plan.notes.contains { $0.place.contains("Events.E") })
    }

    @Test("Globals count where the function says nothing, and both are looked through")
    func globals() throws {
        let (function, plan) = try sam(
            "Timeout: 9, Environment: {Variables: {B: own, D: !Ref Gone}}",
            globals:
                "{Function: {Timeout: 5, MemorySize: 256, Layers: [x], Environment: {Variables: {A: a, B: b, D: d}}}}")
        #expect(function.manifest["timeout"] == .text("9s") && function.manifest["memory"] == .text("256Mi"))
        #expect(function.manifest["environment"] == .members([("A", .text("a")), ("B", .text("own"))]))
        #expect(hasNote(plan, "Globals.Function.Layers") && hasNote(plan, "Variables.D"))
    }

    @Test(
        "Values without quotes are what CloudFormation makes of them",
        arguments: [
            ("true", "true"), ("True", "true"), ("yes", "true"), ("OFF", "false"), ("'yes'", "yes"), ("3", "3"),
            ("3.10", "3.10"), ("007", nil),
            ("'007'", "007"), ("0x1F", nil), ("1_000", nil), ("1e3", nil), ("12:30", "12:30"),
            ("2020-01-01", "2020-01-01"), ("1.2.3", "1.2.3"),
            ("-5", "-5"), ("+5", nil), ("0", "0"), ("0.5", "0.5"), ("yEs", "yEs"), ("e3", "e3"),
        ] as [(String, String?)])
    func scalars(_ text: String, _ expected: String?) throws {
        let (function, plan) = try sam("Environment: {Variables: {X: \(text)}}")
        #expect(function.manifest["environment"] == expected.map { .members([("X", .text($0))]) })
        #expect(hasNote(plan, "Variables.X") == (expected == nil))
    }

    // MARK: Serverless Framework

    private func serverless(_ function: String, provider: String = "", rest: String = "") throws -> (
        ImportedFunction, ImportPlan
    ) {
        try imported(
            "service: s\nprovider: {name: aws, runtime: python3.12\(provider)}\nfunctions: {f: {handler: a.b, \(function)}}\n\(rest)\n"
        )
    }

    @Test(
        "Limits of the Serverless Framework and its own defaults",
        arguments: [
            ("name: g", "", "memory", "1024Mi"), ("name: g", "", "timeout", "6s"),
            ("memorySize: 512", "", "memory", "512Mi"),
            ("name: g", ", memorySize: 256", "memory", "256Mi"), ("timeout: 20", ", timeout: 9", "timeout", "20s"),
            ("runtime: nodejs20.x", "", "runtime", "nodejs20.x"), ("description: ' a  b '", "", "description", "a b"),
            ("memorySize: '${ssm:/x}'", ", memorySize: 256", "memory", "1024Mi"),
        ])
    func serverlessLimits(_ function: String, _ provider: String, _ key: String, _ expected: String) throws {
        #expect(try serverless(function, provider: provider).0.manifest[key] == .text(expected))
    }

    @Test(
        "Values without quotes are what JavaScript makes of them",
        arguments: [
            ("true", "true"), ("TRUE", "true"), ("yes", "yes"), ("007", nil), ("1e3", nil), ("'1e3'", "1e3"),
            ("8080", "8080"),
        ]
            as [(String, String?)])
    func serverlessScalars(_ text: String, _ expected: String?) throws {
        let (function, plan) = try serverless("environment: {X: \(text)}")
        #expect(function.manifest["environment"] == expected.map { .members([("X", .text($0))]) })
        #expect(hasNote(plan, "environment.X") == (expected == nil))
    }

    @Test(
        "Code of the Serverless Framework",
        arguments: [
            ("name: g", "", ".", nil), ("name: g", "package: {artifact: a.zip}", nil, "a.zip"),
            ("package: {artifact: b.zip}", "package: {artifact: a.zip}", nil, "b.zip"),
            ("package: {artifact: 's3://b/k'}", "", nil, nil),
            ("package: {artifact: '${ssm:/x}'}", "", nil, nil), ("package: {individually: true}", "", ".", nil),
        ] as [(String, String, String?, String?)])
    func serverlessCode(_ function: String, _ rest: String, _ directory: String?, _ archive: String?) throws {
        let (imported, plan) = try serverless(function, rest: rest)
        #expect(imported.sourceDirectory == directory)
        #expect(imported.sourceArchive == archive)
        if directory == nil, archive == nil { #expect(hasNote(plan, "package.artifact")) }
    }

    @Test(
        "Patterns that cannot be told keep all code back",
        arguments: [
            "{patterns: '${ssm:/x}'}", "{patterns: ['${ssm:/x}', 'src/**']}", "{exclude: text}", "{patterns: ['+(a)']}",
            "{include: ['../up/**']}",
        ])
    func unknownPatterns(_ package: String) throws {
        let (function, plan) = try serverless("package: \(package)")
        #expect(!function.rules.includes(["src", "a.js"]))
        #expect(plan.notes.contains { $0.place.contains("package") })
    }

    @Test("A condition of CloudFormation counts")
    func condition() throws {
        let resources = "resources: {Conditions: {Yes: !Equals [a, a], No: !Equals [a, b]}}"
        let event = "events: [{httpApi: GET /a}]"
        #expect(try triggers(serverless("condition: Yes, \(event)", rest: resources).0).count == 1)
        #expect(try triggers(serverless("condition: Gone, \(event)", rest: resources).0).isEmpty)
        #expect(throws: ImportError.self) { try serverless("condition: No, \(event)", rest: resources) }
    }

    @Test("Async settings, and what is not carried over")
    func serverlessRest() throws {
        let (function, plan) = try serverless(
            "maximumRetryAttempts: 0, maximumEventAge: 120, layers: [x], vpc: {}, image: i",
            provider: ", tracing: {lambda: true}",
            rest: "plugins: [p]\noutputs: {}")
        #expect(function.manifest["async"] == .members([("attempts", .number(1)), ("maxAge", .text("120s"))]))
        for place in ["f.layers", "f.vpc", "f.image", "provider.tracing", "plugins", "outputs"] {
            #expect(hasNote(plan, place), "\(place)")
        }
    }

    @Test(
        "Without functions the error says why",
        arguments: [
            ("functions: ${file(gone.yml)}", "file(gone.yml)"), ("functions: text", "a mapping is expected"),
            ("functions: {f: '${ssm:/x}'}", "ssm"),
            ("functions: {f: [a]}", "a mapping is expected"), ("functions: ['${file(gone.yml)}']", "file(gone.yml)"),
        ])
    func noFunctions(_ text: String, _ words: String) {
        let error = #expect(throws: ImportError.self) {
            try Importer.plan("service: s\nprovider: {name: aws}\n\(text)\n", path: "file")
        }
        #expect(error?.hint?.contains(words) == true, "\(error?.hint ?? "no hint")")
    }

    @Test("Another provider is not read, and one that cannot be told neither")
    func providers() {
        for provider in ["google", "{name: azure}", "${file(gone.yml)}"] {
            #expect(throws: ImportError.self) {
                try Importer.plan("service: s\nprovider: \(provider)\nfunctions: {f: {handler: a.b}}\n", path: "file")
            }
        }
    }

    // MARK: OpenFaaS and Fn

    private func stack(_ function: String) throws -> (ImportedFunction, ImportPlan) {
        try imported(
            "provider: {name: openfaas}\nfunctions: {f: {lang: python3-http, handler: ./f, image: x, \(function)}}")
    }

    @Test(
        "Times of a stack file",
        arguments: [
            ("exec_timeout: 20s, write_timeout: 5m", "20s"), ("write_timeout: 1m30s", "90s"),
            ("read_timeout: 2m", "120s"), ("exec_timeout: 0, read_timeout: 2m", "120s"),
            ("exec_timeout: 2h", "900s"), ("exec_timeout: 1500ms", "1500ms"), ("A: b", "60s"),
            ("exec_timeout: x", "60s"),
        ])
    func times(_ environment: String, _ expected: String) throws {
        #expect(try stack("environment: {\(environment)}").0.manifest["timeout"] == .text(expected))
    }

    @Test(
        "What a stack file says besides is told",
        arguments: [
            ("labels: {a: b}", "f.labels"), ("requests: {memory: 1Mi}", "f.requests"),
            ("annotations: {owner: a}", "annotations.owner"),
            ("limits: {gpu: 1}", "limits.gpu"), ("limits: {memory: lots}", "limits.memory"),
            ("limits: text", "f.limits"), ("constraints: [a]", "f.constraints"),
            ("environment: {write_debug: true}", "environment.write_debug"),
            ("environment: {combine_output: false}", "environment.combine_output"),
            ("environment: {content_type: a/b}", "environment.content_type"), ("environment: text", "f.environment"),
            ("environment: {exec_timeout: 1s, read_timeout: 2s}", "environment.read_timeout"),
            ("readonly_root_filesystem: true", "f.readonly_root_filesystem"), ("secrets: text", "f.secrets"),
            ("annotations: {topic: 'a b'}", "annotations.topic"),
            ("environment_file: text", "f.environment_file"), ("namespace: x", "f.namespace"),
        ])
    func stackNotes(_ function: String, _ place: String) throws { #expect(hasNote(try stack(function).1, place)) }

    @Test(
        "Entrypoints of Fn",
        arguments: [
            ("entrypoint: /python/bin/fdk /function/func.py handler", "func.py", true),
            ("entrypoint: fdk job.py", "job.py", true),
            ("entrypoint: [fdk, /function/a/job.py, run]", "a/job.py", true), ("version: 1", "func.py", true),
            ("cmd: fdk func.py main", "func.py", true),
            ("entrypoint: python3 func.py", "", false), ("entrypoint: fdk ../func.py x", "", false),
            ("entrypoint: fdk func.py 'a b'", "", false),
            ("entrypoint: {a: b}", "", false),
        ])
    func entrypoints(_ line: String, _ file: String, _ isRead: Bool) throws {
        let (function, plan) = try imported("schema_version: 1\nname: f\nruntime: python3.11\n\(line)\n")
        #expect(function.requiredFiles.map(\.path) == (isRead ? [file] : []))
        #expect((function.manifest["handler"] == .text("glo_fn.handle")) == isRead)
        #expect(hasNote(plan, "entrypoint") == !isRead)
    }

    @Test("Fn's triggers, where there are any, are all that reaches the function")
    func fnTriggers() throws {
        let base = "schema_version: 1\nname: f\nruntime: python\n"
        #expect(triggers(try imported(base).0) == [.members([("http", .members([("path", .text("/invoke/f"))]))])])
        #expect(
            triggers(try imported(base + "triggers: [{type: http, source: a/b}]").0) == [
                .members([("http", .members([("path", .text("/a/b"))]))])
            ])
        for list in ["[{type: grpc, source: /a}]", "[{type: http}]", "[text]", "text", "[{type: http, source: ''}]"] {
            #expect(triggers(try imported(base + "triggers: \(list)").0) == [], "\(list)")
        }
    }

    @Test("Fn's settings take variables of the environment")
    func fnConfig() throws {
        let (function, plan) = try imported(
            "schema_version: 1\nname: f\nruntime: python\nconfig: {A: $GIVEN, B: 'x${GIVEN}y', C: $NO_SUCH, D: 5, E: a$, F: [x]}\n",
            environment: ["GIVEN": "given"])
        #expect(
            function.manifest["environment"]
                == .members([("A", .text("given")), ("B", .text("xgiveny")), ("D", .text("5")), ("E", .text("a$"))]))
        #expect(hasNote(plan, "config.C") && hasNote(plan, "config.F"))
    }

    @Test(
        "A file that is no mapping, or empty, or not YAML, is an error that says so",
        arguments: ["", "- a", "text", "a: [", "a: 1\na: 2", "\u{0}"])
    func notFiles(_ text: String) {
        #expect(throws: ImportError.self) { try Importer.plan(text, path: "file") }
    }
}
