/// Fn's `func.yaml`: one function in the file's directory.
///
/// Source: Fn's documentation, "Function files".
struct FnFunction {
    let root: DocumentValue
    /// What `config` may name.
    let variables: ShellVariables

    private static let read: Set<String> = [
        "schema_version", "name", "version", "runtime", "build_image", "run_image", "entrypoint", "cmd", "memory",
        "timeout", "idle_timeout", "config", "triggers", "content_type", "type",
    ]

    func plan() throws(ImportError) -> ImportPlan {
        var plan = ImportPlan(format: "Fn function")
        guard let place = root["name"], let name = plan.text(place) else {
            throw ImportError("the file has no 'name'", hint: plan.notes.first?.message)
        }
        var function = ImportedFunction(name: plan.functionName(name, at: place), at: root)
        function.sourceDirectory = "."
        addHandler(name, &function, &plan)
        // Fn's own defaults.
        let memory = plan.integer(root["memory"]) ?? 128
        if memory < 16, let place = root["memory"] { plan.note(place, "'memory' is 16Mi, the least that there is") }
        function.manifest["memory"] = .text("\(max(16, memory))Mi")
        let seconds = plan.integer(root["timeout"]) ?? 30
        if seconds > 900, let place = root["timeout"] {
            plan.note(place, "'timeout' is 15m, the longest that there is")
        }
        function.manifest["timeout"] = .text("\(min(max(1, seconds), 900))s")
        if let idle = plan.integer(root["idle_timeout"]) {
            function.manifest["workers"] = .members([("idle", .text("\(min(max(1, idle), 86_400))s"))])
        }
        addConfig(&function, &plan)
        addTriggers(&function, &plan)
        plan.noteUnread(root, read: Self.read)
        plan.functions = [function]
        return plan
    }

    private func addConfig(_ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        guard let config = root["config"] else { return }
        guard let node = config.node else { return }
        let expanded = DocumentValue(node, place: config.place, file: config.file, expressions: variables)
        plan.addEnvironment(expanded, to: &function, reader: .texts)
    }

    // MARK: Handler

    private func addHandler(_ name: String, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        let runtime = plan.text(root["runtime"]) ?? "docker"
        let place = root["runtime"] ?? root
        guard runtime.hasPrefix("python") else {
            return plan.note(
                place,
                "Fn's protocol is not spoken for '\(runtime)': build an executable named handler that reads the body"
                    + " from stdin and writes the answer to stdout")
        }
        guard let entry = entrypoint(&plan) else { return }
        function.manifest["runtime"] = .text("python")
        function.manifest["handler"] = .text("glo_fn.handle")
        function.files.append(("glo_fn.py", FnAdapter(function: name, entry).contents))
        function.requiredFiles.append((entry.file, "the entrypoint names it"))
        plan.note(
            place,
            "put the packages of requirements.txt, such as fdk, into the function's directory:"
                + " python3 -m pip install --target . -r requirements.txt")
    }

    /// The file and the function that run: `fdk FILE [FUNCTION]`; nil, with a note, when it is something else.
    private func entrypoint(_ plan: inout ImportPlan) -> FnAdapter.Entry? {
        guard let value = root["entrypoint"] ?? root["cmd"], !value.isNull else { return FnAdapter.Entry() }
        let parts = value.isList ? value.items.compactMap { plan.text($0) } : [plan.text(value)].compactMap(\.self)
        let words = parts.flatMap { $0.split(separator: " ").map(String.init) }
        guard words.count == 2 || words.count == 3, words[0].split(separator: "/").last == "fdk",
            let entry = FnAdapter.Entry(file: words[1], function: words.count == 3 ? words[2] : "handler")
        else {
            plan.note(
                value,
                "the entrypoint is not understood, so that no handler is written: name it in function.yaml by hand")
            return nil
        }
        return entry
    }

    // MARK: Triggers

    private func addTriggers(_ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        function.manifest["triggers"] = .list([])
        let triggers = plan.items(root["triggers"])
        for trigger in triggers {
            guard plan.text(trigger["type"]) == "http", let source = plan.text(trigger["source"]), !source.isEmpty
            else {
                plan.note(trigger, "there is no such trigger, or it says nothing of its path")
                continue
            }
            LambdaSettings.addRoute(source, method: "ANY", isREST: false, at: trigger, &function, &plan)
        }
        if triggers.isEmpty, root["triggers"].map(\.isNull) ?? true {
            // What `fn invoke` reaches.
            function.manifest.addTrigger("http", [("path", .text("/invoke/\(function.name)"))])
        }
    }
}
