/// The functions of OpenFaaS's `stack.yml`.
///
/// Source: OpenFaaS's documentation, "stack file reference"; the handlers' signatures are those of its templates.
struct OpenFaaSStack {
    let root: DocumentValue

    private static let read: Set<String> = [
        "lang", "handler", "image", "environment", "limits", "secrets", "annotations", "skip_build", "fprocess",
    ]
    private static let harmless: Set<String> = ["labels", "requests", "build_args", "build_options", "platforms"]

    func plan() throws(ImportError) -> ImportPlan {
        var plan = ImportPlan(format: "OpenFaaS stack")
        for member in root["functions"]?.members ?? [] { plan.functions.append(function(member, &plan)) }
        guard !plan.functions.isEmpty else { throw ImportError("the file has no functions") }
        return plan
    }

    private func function(_ member: (key: String, value: DocumentValue), _ plan: inout ImportPlan) -> ImportedFunction {
        let value = member.value
        var function = ImportedFunction(name: plan.functionName(member.key, at: value.place))
        function.sourceDirectory = value["handler"]?.text
        addHandler(value, &function, &plan)
        setLimits(value["limits"], &function, &plan)
        if let names = value["secrets"]?.items.compactMap(\.text), !names.isEmpty {
            function.manifest["secrets"] = .list(names.map { .text($0) })
            plan.note("\(value.place).secrets", "the secrets lie in /run/secrets, not in /var/openfaas/secrets")
        }
        var variables = value["environment"]?.texts ?? []
        setTimeout(&variables, &function)
        function.manifest.addEnvironment(variables.filter { !Self.watchdog.contains($0.key) })
        addTriggers(value, &function, &plan)
        plan.noteUnread(value, read: Self.read.union(Self.harmless), "not carried over")
        return function
    }

    /// Settings of the watchdog, which Glo's own take the place of.
    private static let watchdog: Set<String> = [
        "exec_timeout", "read_timeout", "write_timeout", "write_debug", "combine_output", "content_type", "fprocess",
        "max_inflight", "mode", "upstream_url", "healthcheck_interval", "prefix_logs", "log_buffer_size",
    ]

    private func setTimeout(_ variables: inout [(key: String, value: String)], _ function: inout ImportedFunction) {
        let text = variables.first { $0.key == "exec_timeout" }?.value ?? "60s"
        let seconds = Int(text).map { "\($0)s" } ?? text
        if seconds.last.map({ "smh".contains($0) }) == true, Int(seconds.dropLast()) ?? 0 > 0 {
            function.manifest["timeout"] = .text(seconds)
        }
    }

    private func setLimits(_ limits: DocumentValue?, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        if let memory = limits?["memory"]?.text {
            function.manifest["memory"] = .text(memory.hasSuffix("m") ? "\(memory.dropLast())Mi" : memory)
        }
        if let cpu = limits?["cpu"]?.text { function.manifest["cpu"] = .text(cpu) }
    }

    private func addHandler(_ value: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        let lang = (value["lang"]?.text ?? "dockerfile").lowercased()
        let process = value["fprocess"]?.text ?? value["environment"]?["fprocess"]?.text
        if let adapter = OpenFaaSAdapter(lang: lang) {
            function.manifest["runtime"] = .text(adapter.runtime)
            function.manifest["handler"] = .text("glo_openfaas.handle")
            function.files.append((adapter.fileName, adapter.contents))
        } else if let image = value["image"]?.text, let process {
            function.sourceDirectory = nil
            function.manifest["image"] = .text(image)
            function.manifest["contract"] = .text("exec")
            function.manifest["command"] = .list(process.split(separator: " ").map { .text(String($0)) })
        } else {
            plan.note(
                value.place,
                "there is no adapter for the template '\(lang)': build an executable named handler that reads the body"
                    + " from stdin and writes the answer to stdout")
        }
    }

    private func addTriggers(_ value: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        // OpenFaaS's gateway serves each function there.
        for path in ["/function/\(function.name)", "/function/\(function.name)/{path+}"] {
            function.manifest.addTrigger("http", [("path", .text(path)), ("strip", .truth(true))])
        }
        let topics = value["annotations"]?["topic"]?.text?.split(separator: ",").map { String($0).trimmingBlanks() }
        for topic in topics ?? [] where topic != "cron-function" {
            function.manifest.addTrigger("topic", [("name", .text(topic))])
        }
        if let cron = value["annotations"]?["schedule"]?.text {
            function.manifest.addTrigger("schedule", [("cron", .text(cron))])
        }
        for annotation in value["annotations"]?.members ?? [] where !["topic", "schedule"].contains(annotation.key) {
            plan.note(annotation.value.place, "not carried over")
        }
    }
}
