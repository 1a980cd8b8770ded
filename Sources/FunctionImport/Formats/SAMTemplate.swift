/// A template of AWS's Serverless Application Model: its `AWS::Serverless::Function` resources.
///
/// Source: the SAM specification, "AWS::Serverless::Function" and "Globals".
struct SAMTemplate {
    let root: DocumentValue
    let values: SAMValues

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

    init(_ root: DocumentValue) {
        self.root = root
        values = SAMValues(root: root)
    }

    func plan() throws(ImportError) -> ImportPlan {
        var plan = ImportPlan(format: "SAM template")
        for resource in root["Resources"]?.members ?? [] {
            let type = resource.value["Type"]?.text ?? ""
            if type == Self.functionType {
                plan.functions.append(function(resource.key, resource.value, &plan))
            } else if type == "AWS::Lambda::Function" {
                plan.note(resource.value.place, "only \(Self.functionType) is read")
            } else if type == "AWS::SQS::Queue" {
                noteQueue(resource.value, &plan)
            } else if !Self.isImplied(type) {
                plan.note(resource.value.place, "the resource \(type) is not carried over")
            }
        }
        guard !plan.functions.isEmpty else {
            throw ImportError("the template has no resource of the type \(Self.functionType)")
        }
        return plan
    }

    /// Queues and topics are there as soon as somebody is subscribed; gateways and rights are not needed.
    private static func isImplied(_ type: String) -> Bool {
        [
            "AWS::SNS::Topic", "AWS::Serverless::Api", "AWS::Serverless::HttpApi", "AWS::IAM::Role",
            "AWS::Logs::LogGroup", "AWS::SQS::QueuePolicy",
        ].contains(type)
    }

    /// A topic has no settings; a queue that a client of SQS makes has.
    private func noteQueue(_ resource: DocumentValue, _ plan: inout ImportPlan) {
        let known: Set = ["QueueName", "FifoQueue", "ContentBasedDeduplication", "Tags", "RedrivePolicy"]
        for member in resource["Properties"]?.members ?? [] where !known.contains(member.key) {
            plan.note(member.value.place, "not carried over: make the queue with SQS' CreateQueue (docs/queues.md)")
        }
    }

    private func function(_ id: String, _ resource: DocumentValue, _ plan: inout ImportPlan) -> ImportedFunction {
        let properties = resource["Properties"]
        let place = properties?.place ?? resource.place
        func property(_ key: String) -> DocumentValue? { properties?[key] ?? root["Globals"]?["Function"]?[key] }
        var function = ImportedFunction(
            name: plan.functionName(id, given: values.text(property("FunctionName")), at: resource.place))
        if let condition = resource["Condition"] {
            plan.note(condition.place, "the function is written whatever the condition says")
        }
        if let text = values.text(property("Description")) { function.manifest["description"] = .text(text) }
        if property("PackageType")?.text == "Image" {
            plan.note(place, "the function is an image: write 'image:' and a contract")
        } else {
            LambdaSettings.setRuntime(
                values.text(property("Runtime")), handler: values.text(property("Handler")), at: place, &function, &plan
            )
            addCode(property("CodeUri"), inline: values.text(property("InlineCode")), &function, &plan)
        }
        LambdaSettings.setLimits(
            memory: values.integer(property("MemorySize")), seconds: values.integer(property("Timeout")),
            temporary: values.integer(property("EphemeralStorage")?["Size"]),
            concurrency: values.integer(property("ReservedConcurrentExecutions")), at: place, &function, &plan)
        LambdaSettings.noteArchitecture(property("Architectures")?.items.first?.text, at: place, &plan)
        addEnvironment(root["Globals"]?["Function"]?["Environment"]?["Variables"], &function, &plan)
        addEnvironment(properties?["Environment"]?["Variables"], &function, &plan)
        if let url = property("FunctionUrlConfig") { addURL(url, &function, &plan) }
        addEvents(property("Events"), &function, &plan)
        if let settings = property("EventInvokeConfig") { addAsync(settings, &function, &plan) }
        // On Lambda nothing reaches a function without events; the default routes would open it.
        if function.manifest["triggers"] == nil { function.manifest["triggers"] = .list([]) }
        noteRest(properties, &plan)
        return function
    }

    private func noteRest(_ properties: DocumentValue?, _ plan: inout ImportPlan) {
        for owner in [properties, root["Globals"]?["Function"]].compactMap(\.self) {
            for member in owner.members where !Self.read.union(Self.harmless).contains(member.key) {
                plan.note(member.value.place, "not carried over: \(Self.advice[member.key] ?? "it has no counterpart")")
            }
        }
    }

    private func addCode(
        _ uri: DocumentValue?, inline: String?, _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        if let inline {
            guard case .text(let handler) = function.manifest["handler"],
                case .text(let runtime) = function.manifest["runtime"]
            else { return }
            let module = handler.split(separator: ".").first.map(String.init) ?? "index"
            function.files.append(("\(module).\(runtime.hasPrefix("python") ? "py" : "js")", inline))
        } else if let text = values.text(uri) {
            guard !text.hasPrefix("s3://") else {
                return plan.note(
                    uri?.place ?? "", "the code '\(text)' does not lie beside the template: copy it by hand")
            }
            if text.hasSuffix(".zip") || text.hasSuffix(".jar") {
                function.sourceArchive = text
            } else {
                function.sourceDirectory = text
            }
        } else if let uri {
            plan.note(uri.place, "the code does not lie beside the template: copy it by hand")
        } else {
            function.sourceDirectory = "."
        }
    }

    private func addEnvironment(
        _ variables: DocumentValue?, _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        for variable in variables?.members ?? [] {
            if let text = values.text(variable.value) {
                function.manifest.addEnvironment([(variable.key, text)])
            } else {
                plan.note(variable.value.place, "the value is known at deployment only: write it by hand")
            }
        }
    }

    private func addURL(_ url: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        guard values.text(url["AuthType"]) == "NONE" else {
            return plan.note(url.place, "a function URL with IAM rights is not carried over: it would be open")
        }
        LambdaSettings.addFunctionURL(&function)
        if url["Cors"] != nil { plan.note("\(url.place).Cors", "write 'cors:' into the route by hand") }
    }

    private func addAsync(_ settings: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        let attempts = values.integer(settings["MaximumRetryAttempts"]).map { $0 + 1 }
        let age = values.integer(settings["MaximumEventAgeInSeconds"])
        func destination(_ name: String) -> ManifestDocument.Value? {
            guard let value = settings["DestinationConfig"]?[name] else { return nil }
            let kind = value["Type"]?.text ?? ""
            guard let arn = values.text(value["Destination"]), ["SQS", "SNS", "Lambda"].contains(kind) else {
                plan.note(value.place, "the destination is not carried over")
                return nil
            }
            return .text("\(kind == "Lambda" ? "function" : "topic"):\(NameRule.lastPart(arn))")
        }
        function.manifest["async"] = .members([
            ("attempts", attempts.map { .number($0) }), ("maxAge", age.map { .text("\($0)s") }),
            ("onSuccess", destination("OnSuccess")), ("onFailure", destination("OnFailure")),
        ])
    }
}
