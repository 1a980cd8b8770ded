/// What SAM and the Serverless Framework say about a Lambda function, in the manifest's words.
enum LambdaSettings {
    /// Sets `runtime` and `handler`.
    static func setRuntime(
        _ runtime: String?, handler: String?, at place: String, _ function: inout ImportedFunction,
        _ plan: inout ImportPlan
    ) {
        guard let runtime else {
            return plan.note(place, "no runtime is named: the handler is chosen by the files in the directory")
        }
        guard ["python", "nodejs", "provided"].contains(where: { runtime.hasPrefix($0) }) else {
            return plan.note(
                place, "there is no loader for the runtime '\(runtime)'; build an executable named bootstrap")
        }
        function.manifest["runtime"] = .text(runtime)
        if let handler, !runtime.hasPrefix("provided") { function.manifest["handler"] = .text(handler) }
    }

    static func setLimits(
        memory: Int?, seconds: Int?, temporary: Int? = nil, concurrency: Int? = nil, at place: String,
        _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        function.manifest["memory"] = .text("\(memory ?? 128)Mi")
        function.manifest["timeout"] = .text("\(seconds ?? 3)s")
        if let temporary {
            let size = min(temporary, memory ?? 128)
            function.manifest["tmp"] = .text("\(size)Mi")
            if size < temporary {
                plan.note(place, "/tmp lies in the memory and has \(size) MiB: raise 'memory' for more")
            }
        }
        if let concurrency, concurrency > 0 { function.manifest["workers"] = .members([("max", .number(concurrency))]) }
    }

    /// Code that was built for one kind of processor.
    static func noteArchitecture(_ name: String?, at place: String, _ plan: inout ImportPlan) {
        #if arch(arm64)
            let own = "arm64"
        #else
            let own = "x86_64"
        #endif
        guard let name, name != own else { return }
        plan.note(place, "this machine is \(own): what was built for \(name) must be built anew")
    }

    /// A subscription to a queue's topic.
    static func addQueue(
        _ queue: String, batch: Int?, window: Int?, reportsFailures: Bool, filters: [String] = [],
        _ function: inout ImportedFunction
    ) {
        function.manifest.addTrigger(
            "topic",
            [
                ("name", .text(NameRule.lastPart(queue))), ("batch", .number(batch ?? 10)),
                ("window", window.flatMap { $0 > 0 ? .text("\($0)s") : nil }),
                ("reportBatchItemFailures", .truth(reportsFailures)),
                ("filter", filters.isEmpty ? nil : .list(filters.map { .text($0) })),
            ])
    }

    /// A path as a route; `{name}` and `{name+}` mean the same in both worlds.
    static func addRoute(_ path: String, method: String?, _ function: inout ImportedFunction) {
        let any = ["ANY", "*", "X-AMAZON-APIGATEWAY-ANY-METHOD"]
        let method = method?.uppercased()
        let methods = method.flatMap { any.contains($0) ? nil : ManifestDocument.Value.list([.text($0)]) }
        let path = path == "*" || path == "/*" ? "/{path+}" : path.hasPrefix("/") ? path : "/\(path)"
        function.manifest.addTrigger("http", [("path", .text(path)), ("methods", methods)])
    }

    /// The route of a function URL, whose paths do not show the function's name to the handler.
    static func addFunctionURL(_ function: inout ImportedFunction) {
        for path in ["/\(function.name)", "/\(function.name)/{path+}"] {
            function.manifest.addTrigger("http", [("path", .text(path)), ("strip", .truth(true))])
        }
    }

    static func addSchedule(
        _ expression: String?, timezone: String? = nil, input: String? = nil, at place: String,
        _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        guard let expression, let members = AWSSchedule.members(expression) else {
            return plan.note(
                place, "the schedule '\(expression ?? "")' has no counterpart: write cron: or every: by hand")
        }
        function.manifest.addTrigger(
            "schedule",
            members + [("timezone", timezone.map { .text($0) }), ("input", input.map { .text($0) })])
    }
}
