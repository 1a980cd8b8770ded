/// A template of AWS's Serverless Application Model: its `AWS::Serverless::Function` resources.
///
/// Source: the SAM specification, "AWS::Serverless::Function" and "Globals".
struct SAMTemplate {
    let root: DocumentValue
    let expressions: CloudFormationExpressions
    let protection: SAMProtection

    private static let functionType = "AWS::Serverless::Function"
    /// What the reading below uses.
    private static let read: Set<String> = [
        "FunctionName", "Handler", "Runtime", "CodeUri", "InlineCode", "Environment", "Timeout", "MemorySize",
        "Description", "EphemeralStorage", "ReservedConcurrentExecutions", "Events", "EventInvokeConfig",
        "FunctionUrlConfig", "PackageType", "Architectures",
    ]
    private static let harmless: Set<String> = ["Tags", "LoggingConfig"]
    /// What to do about properties that are not carried over.
    private static let advice = [
        "Layers": "put the layers' files into a directory 'layers' of the function",
        "Policies": "functions have no AWS rights here; write 'network: egress' if it calls others",
        "Role": "functions have no AWS rights here; write 'network: egress' if it calls others",
        "VpcConfig": "functions have no network; write 'network: egress' if it calls others",
        "Tracing": "traces are the controller's matter",
        "AutoPublishAlias": "make the alias with 'glo alias'",
        "DeploymentPreference": "shift traffic with 'glo alias'",
        "ProvisionedConcurrencyConfig": "write 'workers: {min: N}'",
        "ImageUri": "write 'image:' and a contract",
        "DeadLetterQueue": "what fails is kept as a dead letter: 'glo dlq'",
    ]
    /// Other members of a function's resource.
    private static let resourceKeys: Set<String> = [
        "Type", "Properties", "Condition", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy",
    ]

    init(_ root: DocumentValue, _ expressions: CloudFormationExpressions, _ files: FilesBeside) {
        self.root = root
        self.expressions = expressions
        protection = SAMProtection(root, files)
    }

    func plan() throws(ImportError) -> ImportPlan {
        var plan = ImportPlan(format: "SAM template")
        for resource in plan.members(root["Resources"]) { read(resource, &plan) }
        for kind in ["Api", "HttpApi"] { noteAPI(root["Globals"]?[kind], &plan) }
        guard !plan.functions.isEmpty else {
            let reasons = plan.notes.map { "\($0.place): \($0.message)" }
            throw ImportError(
                "the template has no resource of the type \(Self.functionType) that could be carried over",
                hint: reasons.isEmpty ? nil : reasons.prefix(5).joined(separator: "; "))
        }
        return plan
    }

    private func read(_ resource: (key: String, value: DocumentValue), _ plan: inout ImportPlan) {
        if case .unknown(let reason) = resource.value.content {
            return plan.note(resource.value, "left out: \(reason)")
        }
        if resource.key.hasPrefix("Fn::") {
            return plan.note(resource.value, "left out: \(resource.key) is carried out at deployment only")
        }
        let type = resource.value["Type"]?.word ?? ""
        switch type {
        case Self.functionType: addFunction(resource.key, resource.value, &plan)
        case "AWS::Lambda::Function": plan.note(resource.value, "only \(Self.functionType) is read")
        case "AWS::SQS::Queue": noteQueue(resource.value, &plan)
        case "AWS::SNS::Topic": noteTopic(resource.value, &plan)
        case "AWS::Serverless::Api", "AWS::Serverless::HttpApi": noteAPI(resource.value["Properties"], &plan)
        default:
            if !Self.isImplied(type) { plan.note(resource.value, "the resource \(type) is not carried over") }
        }
    }

    /// Queues and topics are there as soon as somebody is subscribed; gateways and rights are not needed.
    private static func isImplied(_ type: String) -> Bool {
        [
            "AWS::IAM::Role", "AWS::Logs::LogGroup", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy",
            "AWS::Lambda::Permission",
        ].contains(type)
    }

    /// A topic has no settings; a queue that a client of SQS makes has.
    private func noteQueue(_ resource: DocumentValue, _ plan: inout ImportPlan) {
        let known: Set = ["QueueName", "FifoQueue", "ContentBasedDeduplication", "Tags", "RedrivePolicy"]
        for member in resource["Properties"]?.members ?? [] where !known.contains(member.key) {
            plan.note(member.value, "not carried over: make the queue with SQS' CreateQueue (docs/queues.md)")
        }
    }

    private func noteTopic(_ resource: DocumentValue, _ plan: inout ImportPlan) {
        let known: Set = [
            "TopicName", "DisplayName", "Tags", "KmsMasterKeyId", "FifoTopic", "ContentBasedDeduplication",
        ]
        if let properties = resource["Properties"] { plan.noteUnread(properties, read: known) }
    }

    /// What an API does for all of its routes.
    private func noteAPI(_ properties: DocumentValue?, _ plan: inout ImportPlan) {
        let known: Set = [
            "Name", "StageName", "Description", "Tags", "Auth", "DefinitionBody", "DefinitionUri", "OpenApiVersion",
            "EndpointConfiguration", "FailOnWarnings", "AlwaysDeploy", "TracingEnabled", "AccessLogSetting",
            "AccessLogSettings", "PropagateTags",
        ]
        for member in properties?.members ?? [] where !known.contains(member.key) {
            let advice =
                member.key.hasPrefix("Cors") ? "'cors:' is written into the routes by hand" : "it has no counterpart"
            plan.note(member.value, "not carried over: \(advice)")
        }
    }

    private func addFunction(_ id: String, _ resource: DocumentValue, _ plan: inout ImportPlan) {
        var isUncertain = false
        if let condition = resource["Condition"] {
            switch condition.word.flatMap({ expressions.functions.condition(named: $0) }) {
            case true?: break
            case false?: return plan.note(condition, "the function was not written: its condition is false")
            case nil:
                isUncertain = true
                plan.note(condition, "the condition cannot be told here: the function is written, without routes")
            }
        }
        var function = function(id, resource, &plan)
        if isUncertain { _ = function.manifest.removeRoutes() }
        plan.functions.append(function)
    }

    private func function(_ id: String, _ resource: DocumentValue, _ plan: inout ImportPlan) -> ImportedFunction {
        let globals = root["Globals"]?["Function"]
        let properties = resource["Properties"]
        let place = properties ?? resource
        for part in [properties, globals] { _ = plan.members(part) }
        func property(_ key: String) -> DocumentValue? { properties?[key] ?? globals?[key] }
        var function = ImportedFunction(
            name: plan.functionName(id, given: property("FunctionName"), at: resource), at: resource)
        LambdaSettings.setDescription(property("Description"), &function, &plan)
        if let type = property("PackageType"), type.word != "Zip" {
            plan.note(place, "the function is an image: write 'image:' and a contract")
        } else {
            LambdaSettings.setRuntime(
                property("Runtime"), handler: property("Handler"), at: place, &function, &plan)
            addCode(property("CodeUri"), inline: property("InlineCode"), at: place, &function, &plan)
        }
        setLimits(property, at: place, &function, &plan)
        plan.addEnvironment(environment(globals, &plan), to: &function, reader: .cloudFormation)
        plan.addEnvironment(environment(properties, &plan), to: &function, reader: .cloudFormation)
        if let url = property("FunctionUrlConfig") { addURL(url, &function, &plan) }
        addEvents(property("Events"), &function, &plan)
        if let settings = property("EventInvokeConfig") { addAsync(settings, &function, &plan) }
        // On Lambda nothing reaches a function without events; the default routes would open it.
        if function.manifest["triggers"] == nil { function.manifest["triggers"] = .list([]) }
        noteRest(resource, [properties, globals].compactMap(\.self), &plan)
        return function
    }

    private func environment(_ owner: DocumentValue?, _ plan: inout ImportPlan) -> DocumentValue? {
        guard let environment = owner?["Environment"] else { return nil }
        _ = plan.members(environment)
        return environment["Variables"]
    }

    private func setLimits(
        _ property: (String) -> DocumentValue?, at place: DocumentValue, _ function: inout ImportedFunction,
        _ plan: inout ImportPlan
    ) {
        let limits = LambdaSettings.Limits(
            memory: plan.integer(property("MemorySize")), seconds: plan.integer(property("Timeout")),
            temporary: plan.integer(property("EphemeralStorage")?["Size"]),
            concurrency: plan.integer(property("ReservedConcurrentExecutions")))
        LambdaSettings.setLimits(limits, at: place, &function, &plan)
        let architectures = plan.items(property("Architectures"))
        LambdaSettings.noteArchitecture(plan.text(architectures.first), at: place, &plan)
    }

    private func noteRest(_ resource: DocumentValue, _ owners: [DocumentValue], _ plan: inout ImportPlan) {
        for owner in owners {
            for member in owner.members where !Self.read.union(Self.harmless).contains(member.key) {
                plan.note(member.value, "not carried over: \(Self.advice[member.key] ?? "it has no counterpart")")
            }
        }
        if let method = resource["Metadata"]?["BuildMethod"] {
            plan.note(method, "the code is built by '\(method.word ?? "a build")': build it and import what was built")
        }
        plan.noteUnread(resource, read: Self.resourceKeys.union(["Metadata"]))
    }

    private func addCode(
        _ uri: DocumentValue?, inline: DocumentValue?, at place: DocumentValue, _ function: inout ImportedFunction,
        _ plan: inout ImportPlan
    ) {
        if let inline, !inline.isNull { return addInlineCode(inline, &function, &plan) }
        guard let uri else {
            function.sourceDirectory = "."
            return
        }
        guard !uri.isMapping, let text = plan.text(uri) else {
            return plan.note(uri, "the code does not lie beside the template: copy it by hand")
        }
        guard !text.contains("://") else {
            return plan.note(uri, "the code '\(text)' does not lie beside the template: copy it by hand")
        }
        if text.hasSuffix(".zip") || text.hasSuffix(".jar") {
            function.sourceArchive = text
        } else {
            function.sourceDirectory = text
        }
    }

    /// Code that stands in the template: a text of its own, in which `${…}` may be the language's.
    private func addInlineCode(
        _ inline: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        guard case .text(let code) = inline.content, !code.contains(DeploymentPlace.mark) else {
            plan.note(inline, "the code cannot be told here: write it by hand")
            return
        }
        guard case .text(let handler) = function.manifest["handler"],
            case .text(let runtime) = function.manifest["runtime"]
        else { return }
        let module = handler.split(separator: ".", omittingEmptySubsequences: false).first ?? ""
        guard !module.isEmpty, module.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) })
        else { return plan.note(inline, "the code was not written: the handler names no file for it") }
        function.files.append(("\(module).\(runtime.hasPrefix("python") ? "py" : "js")", code))
    }

    private func addURL(_ url: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        guard let type = url["AuthType"], !type.isNull, type.word == "NONE" else {
            return plan.note(url, "a function URL with IAM rights is not carried over: it would be open")
        }
        LambdaSettings.addFunctionURL(&function)
        plan.noteUnread(url, read: ["AuthType"], "not carried over; 'cors:' is written into the route by hand")
    }

    private func addAsync(_ settings: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        let attempts = plan.integer(settings["MaximumRetryAttempts"]).map { $0 + 1 }
        let age = plan.integer(settings["MaximumEventAgeInSeconds"])
        let success = destination("OnSuccess", of: settings, &plan)
        let failure = destination("OnFailure", of: settings, &plan)
        plan.noteUnread(
            settings, read: ["MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig"])
        function.manifest["async"] = .members([
            ("attempts", attempts.map { .number($0) }), ("maxAge", age.map { .text("\($0)s") }),
            ("onSuccess", success), ("onFailure", failure),
        ])
    }

    private func destination(
        _ name: String, of settings: DocumentValue, _ plan: inout ImportPlan
    ) -> ManifestDocument.Value? {
        guard let value = settings["DestinationConfig"]?[name] else { return nil }
        let kind = value["Type"]?.word ?? ""
        guard ["SQS", "SNS", "Lambda"].contains(kind), let arn = plan.text(value["Destination"]) else {
            plan.note(value, "the destination is not carried over")
            return nil
        }
        return .text("\(kind == "Lambda" ? "function" : "topic"):\(NameRule.lastPart(arn))")
    }
}
