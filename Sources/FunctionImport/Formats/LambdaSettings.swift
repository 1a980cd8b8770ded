/// What SAM and the Serverless Framework say about a Lambda function, in the manifest's words.
enum LambdaSettings {
    /// Sets `runtime` and `handler`.
    static func setRuntime(
        _ runtime: DocumentValue?, handler: DocumentValue?, at value: DocumentValue, _ function: inout ImportedFunction,
        _ plan: inout ImportPlan
    ) {
        guard let runtime = plan.text(runtime) else {
            return plan.note(value, "no runtime is named: the handler is chosen by the files in the directory")
        }
        guard ["python", "nodejs", "provided"].contains(where: { runtime.hasPrefix($0) }) else {
            return plan.note(
                value, "there is no loader for the runtime '\(runtime)'; build an executable named bootstrap")
        }
        function.manifest["runtime"] = .text(runtime)
        if let handler = plan.text(handler), !runtime.hasPrefix("provided") {
            function.manifest["handler"] = .text(handler)
        }
    }

    /// One line for people, whatever the file has.
    static func setDescription(
        _ description: DocumentValue?, _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        guard let text = plan.text(description) else { return }
        let line = text.split { $0.isWhitespace || $0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f } }
        let short = line.joined(separator: " ").prefix(250)
        if !short.isEmpty { function.manifest["description"] = .text(String(short)) }
    }

    struct Limits {
        var memory: Int?
        var seconds: Int?
        var temporary: Int?
        var concurrency: Int?
    }

    static func setLimits(
        _ limits: Limits, at value: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        let memory = limits.memory ?? 128
        function.manifest["memory"] = .text("\(memory)Mi")
        function.manifest["timeout"] = .text("\(limits.seconds ?? 3)s")
        if let temporary = limits.temporary {
            let size = min(temporary, memory)
            function.manifest["tmp"] = .text("\(size)Mi")
            if size < temporary {
                plan.note(value, "/tmp lies in the memory and has \(size) MiB: raise 'memory' for more")
            }
        }
        if let concurrency = limits.concurrency {
            // None at all is what zero says on Lambda and here.
            function.manifest["workers"] = .members([("max", .number(min(max(0, concurrency), 1000)))])
        }
    }

    /// Code that was built for one kind of processor.
    static func noteArchitecture(_ name: String?, at value: DocumentValue, _ plan: inout ImportPlan) {
        #if arch(arm64)
            let own = "arm64"
        #else
            let own = "x86_64"
        #endif
        guard let name, name != own else { return }
        plan.note(value, "this machine is \(own): what was built for \(name) must be built anew")
    }

    // MARK: Triggers

    /// The topic that a queue or topic of AWS becomes; nil, with a note, when its name cannot be told.
    static func topicName(_ value: DocumentValue?, at event: DocumentValue, _ plan: inout ImportPlan) -> String? {
        guard let value, let text = plan.text(value) else {
            plan.note(event, "not written: the name is known at deployment only, or missing; write a topic by hand")
            return nil
        }
        let name = NameRule.lastPart(text)
        guard NameRule.isTopicName(name) else {
            plan.note(event, "not written: '\(name)' is not a name of a topic")
            return nil
        }
        return name
    }

    struct Queue {
        var batch: Int?
        var window: Int?
        var reportsFailures: Bool
        var filters: [String] = []
    }

    /// A subscription to a queue's topic.
    static func addQueue(_ name: String, _ queue: Queue, _ function: inout ImportedFunction) {
        function.manifest.addTrigger(
            "topic",
            [
                ("name", .text(name)), ("batch", .number(min(max(queue.batch ?? 10, 1), 1000))),
                ("window", queue.window.flatMap { $0 > 0 ? .text("\(min($0, 300))s") : nil }),
                ("reportBatchItemFailures", .truth(queue.reportsFailures)),
                ("filter", queue.filters.isEmpty ? nil : .list(queue.filters.map { .text($0) })),
            ])
    }

    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    private static let anyMethod: Set<String> = ["ANY", "*", "X-AMAZON-APIGATEWAY-ANY-METHOD"]

    /// A path as a route.
    ///
    /// - Parameter isREST: whether the handler gets events of payload format 1.0.
    static func addRoute(
        _ path: String, method: String, isREST: Bool, at event: DocumentValue, _ function: inout ImportedFunction,
        _ plan: inout ImportPlan
    ) {
        let method = method.uppercased()
        guard anyMethod.contains(method) || methods.contains(method) else {
            return plan.note(event, "the route was not written: there is no method '\(method)'")
        }
        switch RoutePath.pattern(path) {
        case .impossible(let reason): plan.note(event, "the route was not written: \(reason)")
        case .pattern(let pattern):
            function.manifest.addTrigger(
                "http",
                [
                    ("path", .text(pattern)),
                    ("methods", anyMethod.contains(method) ? nil : .list([.text(method)])),
                    ("format", isREST ? .text("1.0") : nil),
                ])
        }
    }

    /// What an API does with all that no other route takes, the root with it.
    static func addCatchAll(isREST: Bool, _ function: inout ImportedFunction) {
        for path in ["/", "/*"] {
            function.manifest.addTrigger("http", [("path", .text(path)), ("format", isREST ? .text("1.0") : nil)])
        }
    }

    /// The note for a route that may not be written.
    static func noteClosed(_ reason: String, at event: DocumentValue, _ plan: inout ImportPlan) {
        plan.note(
            event, "the route \(reason) and was not written, since it would be open; write it by hand with 'auth:'")
    }

    /// The route of a function URL, whose paths do not show the function's name to the handler.
    static func addFunctionURL(_ function: inout ImportedFunction) {
        for path in ["/\(function.name)", "/\(function.name)/{path+}"] {
            function.manifest.addTrigger("http", [("path", .text(path)), ("strip", .truth(true))])
        }
    }

    static func addSchedule(
        _ expression: DocumentValue?, timezone: DocumentValue? = nil, input: DocumentValue? = nil,
        at event: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        guard let expression, let text = plan.text(expression) else {
            return plan.note(event, "the schedule was not written: when it runs cannot be told")
        }
        guard let members = AWSSchedule.members(text) else {
            return plan.note(
                event, "the schedule '\(text)' has no counterpart: write cron: or every: by hand")
        }
        if let timezone, plan.text(timezone) == nil {
            return plan.note(event, "the schedule was not written: its time zone cannot be told")
        }
        var document: String?
        if let input, !input.isNull {
            document = input.isMapping || input.isList ? JSONText.encode(input) : plan.text(input)
            guard document != nil else {
                return plan.note(input, "the schedule was not written: its input cannot be told")
            }
        }
        function.manifest.addTrigger(
            "schedule",
            members + [("timezone", plan.text(timezone).map { .text($0) }), ("input", document.map { .text($0) })])
    }
}
