/// The functions of OpenFaaS's `stack.yml`.
///
/// Source: OpenFaaS's documentation, "stack file reference"; the handlers' signatures are those of its templates.
struct OpenFaaSStack {
    let root: DocumentValue
    let files: FilesBeside

    private static let read: Set<String> = [
        "lang", "handler", "image", "environment", "environment_file", "limits", "secrets", "annotations", "skip_build",
        "fprocess", "requests", "labels",
    ]
    /// What only an image's build needs.
    private static let harmless: Set<String> = [
        "build_args", "build_options", "platforms", "build_secrets", "buildargs", "copy_extra",
    ]

    func plan() throws(ImportError) -> ImportPlan {
        var plan = ImportPlan(format: "OpenFaaS stack")
        for member in plan.members(root["functions"]) {
            guard member.value.isMapping else {
                plan.note(member.value, "the function was not written: a mapping is expected here")
                continue
            }
            plan.functions.append(function(member, &plan))
        }
        guard !plan.functions.isEmpty else {
            throw ImportError("the file has no functions", hint: plan.notes.first?.message)
        }
        plan.noteUnread(root, read: ["version", "provider", "functions", "configuration"])
        return plan
    }

    private func function(_ member: (key: String, value: DocumentValue), _ plan: inout ImportPlan) -> ImportedFunction {
        let value = member.value
        var function = ImportedFunction(name: plan.functionName(member.key, at: value), at: value)
        function.sourceDirectory = plan.text(value["handler"])
        let lang = (plan.text(value["lang"]) ?? "dockerfile").lowercased()
        addHandler(lang, value, &function, &plan)
        setLimits(value, &function, &plan)
        let secrets = plan.items(value["secrets"]).compactMap { plan.text($0) }
        if !secrets.isEmpty, let place = value["secrets"] {
            function.manifest["secrets"] = .list(secrets.map { .text($0) })
            plan.note(place, "the secrets lie in /run/secrets, not in /var/openfaas/secrets")
        }
        let isClosed = addVariables(lang, value, &function, &plan)
        addTriggers(value, isClosed: isClosed, &function, &plan)
        for key in ["requests", "labels"] {
            guard let part = value[key], !part.isNull else { continue }
            let advice =
                key == "labels" ? "write 'workers: {min, max}' for its scaling" : "a worker gets what 'limits' say"
            plan.note(part, "not carried over: \(advice)")
        }
        plan.noteUnread(value, read: Self.read.union(Self.harmless))
        return function
    }

    // MARK: Environment

    /// Settings of the watchdog, which Glo's own take the place of.
    private static let watchdog: [String: String] = [
        "exec_timeout": "there is one 'timeout'", "read_timeout": "there is one 'timeout'",
        "write_timeout": "there is one 'timeout'", "write_debug": "all that is written is kept: 'glo logs'",
        "combine_output": "what is written to stderr is never a part of the answer",
        "content_type": "the handler sets the type of its answer", "fprocess": "it is 'command'",
        "max_inflight": "write 'workers: {max: N}'", "mode": "the contract is Glo's",
        "upstream_url": "the contract is Glo's",
        "healthcheck_interval": "there is none", "prefix_logs": "lines are kept with their invocation",
        "log_buffer_size": "lines of any length are kept", "suppress_lock": "there is none",
        "cgi_headers": "they are set",
        "http_buffer_req_body": "bodies are whole", "marshal_request": "the contract is Glo's",
    ]
    /// Settings by which the watchdog asks callers for a token.
    private static let protecting: Set<String> = ["jwt_auth", "jwt_auth_local", "jwt_auth_debug"]

    /// - Returns: whether the watchdog lets only some callers pass.
    private func addVariables(
        _ lang: String, _ value: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) -> Bool {
        var variables = plan.members(value["environment"])
        for variable in included(value["environment_file"], &plan) {
            variables.removeAll { $0.key == variable.key }
            variables.append(variable)
        }
        let timeout = setTimeout(variables, &function, &plan)
        let isClassic = OpenFaaSAdapter.isClassic(lang)
        var isClosed = false
        for (key, value) in variables {
            if Self.protecting.contains(key) {
                if value.truth != false { isClosed = true }
                plan.note(value, "not carried over: callers are asked for nothing here")
            } else if key == "content_type", isClassic, let text = plan.text(value) {
                function.manifest.addEnvironment([(key, text)])
            } else if let advice = Self.watchdog[key] {
                if key != timeout, key != "fprocess" { plan.note(value, "not carried over: \(advice)") }
            } else if value.isNull {
                function.manifest.addEnvironment([(key, "")])
            } else if let text = plan.text(value) {
                function.manifest.addEnvironment([(key, text)])
            }
        }
        return isClosed
    }

    /// The variables of the files that `environment_file` names, which count before the function's own.
    private func included(_ list: DocumentValue?, _ plan: inout ImportPlan) -> [(key: String, value: DocumentValue)] {
        var variables: [(key: String, value: DocumentValue)] = []
        for item in plan.items(list) {
            guard let path = plan.text(item) else { continue }
            do throws(FilesBeside.Failure) {
                let text = try files.text(path)
                guard let document = try? DocumentFile.parse(text, file: path, expressions: PlainExpressions()),
                    let environment = document["environment"]
                else {
                    plan.note(item, "not carried over: the file has no 'environment'")
                    continue
                }
                for variable in plan.members(environment.placedContent(at: "\(item.place).environment")) {
                    variables.removeAll { $0.key == variable.key }
                    variables.append(variable)
                }
            } catch {
                switch error {
                case .missing: plan.note(item, "not carried over: there is no file '\(path)'")
                case .refused(let reason): plan.note(item, "not carried over: '\(path)' is not read: \(reason)")
                }
            }
        }
        return variables
    }

    /// - Returns: the variable whose value it is.
    private func setTimeout(
        _ variables: [(key: String, value: DocumentValue)], _ function: inout ImportedFunction,
        _ plan: inout ImportPlan
    ) -> String? {
        for key in ["exec_timeout", "write_timeout", "read_timeout"] {
            guard let value = variables.first(where: { $0.key == key })?.value, let text = plan.text(value) else {
                continue
            }
            guard let milliseconds = Quantities.milliseconds(text) else {
                plan.note(value, "left out: '\(text)' is not a time")
                continue
            }
            // The watchdog's zero is no limit.
            guard milliseconds > 0 else { continue }
            let longest = 900_000
            if milliseconds > longest { plan.note(value, "'timeout' is 15m, the longest that there is") }
            function.manifest["timeout"] = .text(Quantities.duration(milliseconds: min(milliseconds, longest)))
            return key
        }
        function.manifest["timeout"] = .text("60s")
        return nil
    }

    // MARK: Limits

    private func setLimits(_ value: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        guard let limits = value["limits"] else { return }
        for (key, limit) in plan.members(limits) {
            guard let text = plan.text(limit) else { continue }
            switch key {
            case "memory": setMemory(text, at: limit, &function, &plan)
            case "cpu": setProcessor(text, at: limit, &function, &plan)
            default: plan.note(limit, "not carried over")
            }
        }
    }

    private func setMemory(
        _ text: String, at value: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        guard let bytes = Quantities.bytes(text) else { return plan.note(value, "left out: '\(text)' is not a size") }
        let bounds = 16 << 20...1 << 40
        let memory = min(max(bytes, bounds.lowerBound), bounds.upperBound)
        if memory != bytes { plan.note(value, "'memory' is \(Quantities.size(memory)), the nearest that there is") }
        function.manifest["memory"] = .text(Quantities.size(memory))
    }

    private func setProcessor(
        _ text: String, at value: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        guard let thousandths = Quantities.processorThousandths(text) else {
            return plan.note(value, "left out: '\(text)' is not a share of processors")
        }
        let share = min(max(thousandths, 10), 256_000)
        if share != thousandths { plan.note(value, "'cpu' is \(share)m, the nearest that there is") }
        function.manifest["cpu"] = .text(share % 1000 == 0 ? "\(share / 1000)" : "\(share)m")
    }

    // MARK: Handler

    private func addHandler(
        _ lang: String, _ value: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        let process = plan.text(value["fprocess"]) ?? plan.text(value["environment"]?["fprocess"])
        if let adapter = OpenFaaSAdapter(lang: lang) {
            function.manifest["runtime"] = .text(adapter.runtime)
            function.manifest["handler"] = .text("glo_openfaas.handle")
            function.targetDirectory = OpenFaaSAdapter.package
            function.files.append((adapter.fileName, adapter.contents))
            function.requiredFiles.append(
                ("\(OpenFaaSAdapter.package)/\(adapter.handlerFile)", "the template '\(lang)' loads it"))
            notePackages(adapter, value, function, &plan)
        } else if process != nil, let image = plan.text(value["image"]), let process {
            function.sourceDirectory = nil
            function.manifest["image"] = .text(image)
            function.manifest["contract"] = .text("exec")
            function.manifest["command"] = .list(process.split(separator: " ").map { .text(String($0)) })
        } else {
            plan.note(
                value,
                "there is no adapter for the template '\(lang)': build an executable named handler that reads the body"
                    + " from stdin and writes the answer to stdout")
        }
    }

    private func notePackages(
        _ adapter: OpenFaaSAdapter, _ value: DocumentValue, _ function: ImportedFunction, _ plan: inout ImportPlan
    ) {
        guard let directory = function.sourceDirectory,
            let text = try? files.text("\(directory)/\(adapter.packageFile)"),
            adapter.runtime == "python"
                ? text.contains(where: { !$0.isWhitespace }) : text.contains("ependencies")
        else { return }
        plan.note(value, "the packages that the handler needs are not installed: \(adapter.packages)")
    }

    // MARK: Triggers

    private func addTriggers(
        _ value: DocumentValue, isClosed: Bool, _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        function.manifest["triggers"] = .list([])
        if isClosed {
            LambdaSettings.noteClosed("is protected by the watchdog's 'jwt_auth'", at: value, &plan)
        } else {
            // OpenFaaS's gateway serves each function there.
            for path in ["/function/\(function.name)", "/function/\(function.name)/{path+}"] {
                function.manifest.addTrigger("http", [("path", .text(path)), ("strip", .truth(true))])
            }
        }
        let annotations = value["annotations"]
        if let topics = annotations?["topic"], let text = plan.text(topics) {
            for topic in text.split(separator: ",").map({ String($0).trimmingBlanks() }) where topic != "cron-function"
            {
                if NameRule.isTopicName(topic) {
                    function.manifest.addTrigger("topic", [("name", .text(topic))])
                } else {
                    plan.note(topics, "the topic '\(topic)' was not written: it is not a name of a topic")
                }
            }
        }
        if let cron = plan.text(annotations?["schedule"]) {
            function.manifest.addTrigger("schedule", [("cron", .text(cron))])
        }
        for annotation in plan.members(annotations) where !["topic", "schedule"].contains(annotation.key) {
            plan.note(annotation.value, "not carried over")
        }
    }
}
