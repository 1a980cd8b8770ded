/// The functions of a `serverless.yml` whose provider is AWS.
///
/// Source: the Serverless Framework's guide, "serverless.yml reference" for AWS.
struct ServerlessService {
    let root: DocumentValue
    let values: ServerlessValues

    private static let read: Set<String> = [
        "handler", "name", "runtime", "memorySize", "timeout", "environment", "description", "reservedConcurrency",
        "events", "url", "maximumRetryAttempts", "maximumEventAge", "ephemeralStorageSize", "architecture", "package",
        "tags", "logRetentionInDays",
    ]

    init(_ root: DocumentValue, environment: [String: String]) {
        self.root = root
        values = ServerlessValues(root: root, environment: environment)
    }

    func plan() throws(ImportError) -> ImportPlan {
        let provider = root["provider"]?["name"]?.text ?? root["provider"]?.text ?? "none"
        guard provider == "aws" else { throw ImportError("the provider is '\(provider)'; only aws is read") }
        var plan = ImportPlan(format: "serverless.yml")
        for member in root["functions"]?.members ?? [] { plan.functions.append(function(member, &plan)) }
        guard !plan.functions.isEmpty else { throw ImportError("the file has no functions") }
        plan.noteUnread(
            root, read: ["service", "frameworkVersion", "provider", "functions", "package", "custom", "useDotenv"],
            "not carried over")
        if root["provider"]?["iam"] != nil || root["provider"]?["iamRoleStatements"] != nil {
            plan.note("provider.iam", "functions have no AWS rights here; write 'network: egress' if they call others")
        }
        return plan
    }

    private func function(_ member: (key: String, value: DocumentValue), _ plan: inout ImportPlan) -> ImportedFunction {
        let value = member.value
        let provider = root["provider"]
        var function = ImportedFunction(
            name: plan.functionName(member.key, given: values.text(value["name"]), at: value.place))
        function.sourceDirectory = "."
        if let text = values.text(value["description"]) { function.manifest["description"] = .text(text) }
        LambdaSettings.setRuntime(
            values.text(value["runtime"] ?? provider?["runtime"]), handler: values.text(value["handler"]),
            at: value.place, &function, &plan)
        // The framework's own defaults, which differ from Lambda's.
        LambdaSettings.setLimits(
            memory: values.integer(value["memorySize"] ?? provider?["memorySize"]) ?? 1024,
            seconds: values.integer(value["timeout"] ?? provider?["timeout"]) ?? 6,
            temporary: values.integer(value["ephemeralStorageSize"]),
            concurrency: values.integer(value["reservedConcurrency"]), at: value.place, &function, &plan)
        LambdaSettings.noteArchitecture(
            values.text(value["architecture"] ?? provider?["architecture"]), at: value.place, &plan)
        addEnvironment(provider?["environment"], &function, &plan)
        addEnvironment(value["environment"], &function, &plan)
        for event in value["events"]?.items ?? [] { addEvent(event, &function, &plan) }
        if let url = value["url"], url.isTrue != false { addURL(url, &function, &plan) }
        let attempts = values.integer(value["maximumRetryAttempts"]).map { ManifestDocument.Value.number($0 + 1) }
        let age = values.integer(value["maximumEventAge"]).map { ManifestDocument.Value.text("\($0)s") }
        if attempts != nil || age != nil {
            function.manifest["async"] = .members([("attempts", attempts), ("maxAge", age)])
        }
        if function.manifest["triggers"] == nil { function.manifest["triggers"] = .list([]) }
        plan.noteUnread(value, read: Self.read, "not carried over")
        return function
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
        guard url["authorizer"] == nil else {
            return plan.note(url.place, "a function URL with IAM rights is not carried over: it would be open")
        }
        LambdaSettings.addFunctionURL(&function)
    }

    private func addEvent(_ event: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        guard let (kind, value) = event.members.first else { return plan.note(event.place, "there is no such trigger") }
        switch kind {
        case "http", "httpApi": addRoute(kind, value, &function, &plan)
        case "schedule": addSchedule(value, &function, &plan)
        case "sqs": addQueue(value, &function, &plan)
        case "sns":
            guard let topic = values.text(value.isMapping ? value["topicName"] ?? value["arn"] : value) else {
                return plan.note(value.place, "the topic is known at deployment only")
            }
            function.manifest.addTrigger("topic", [("name", .text(NameRule.lastPart(topic)))])
            plan.note(value.place, "the handler gets what was published, without SNS's Records around it")
        default: plan.note(value.place, "there is no trigger like \(kind)")
        }
    }

    private func addRoute(
        _ kind: String, _ value: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        guard value["authorizer"] == nil, value["private"]?.isTrue != true,
            kind == "http" || root["provider"]?["httpApi"]?["authorizers"] == nil || value["authorizer"] == nil
        else {
            return plan.note(
                value.place, "the route is protected by an authorizer and was not written, since it would be open")
        }
        var path = values.text(value["path"])
        var method = values.text(value["method"])
        if let text = values.text(value) {
            let words = text.split(separator: " ").map(String.init)
            method = words.count == 2 ? words[0] : nil
            path = words.last
        }
        LambdaSettings.addRoute(path ?? "*", method: method, &function)
        if kind == "http" {
            plan.note(value.place, "the handler gets events of payload format 2.0; REST APIs send 1.0")
        }
        if value["cors"] != nil { plan.note("\(value.place).cors", "write 'cors:' into the route by hand") }
    }

    private func addSchedule(_ value: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        if value["enabled"]?.isTrue == false {
            return plan.note(value.place, "the schedule is disabled and was not written")
        }
        let rates = value["rate"].map { $0.isList ? $0.items : [$0] } ?? [value]
        for rate in rates {
            LambdaSettings.addSchedule(
                values.text(rate), timezone: values.text(value["timezone"]), input: values.text(value["input"]),
                at: value.place, &function, &plan)
        }
        if value["input"]?.isMapping == true {
            plan.note("\(value.place).input", "write the input as a text of JSON by hand")
        }
    }

    private func addQueue(_ value: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        let arn = value.isMapping ? value["arn"] : value
        let name =
            values.text(arn) ?? arn?["Fn::GetAtt"]?.items.first?.text ?? arn?["Fn::Join"]?.items.last?.items.last?.text
        guard let name else {
            return plan.note(value.place, "the queue is known at deployment only: write a topic by hand")
        }
        if value["enabled"]?.isTrue == false {
            return plan.note(value.place, "the queue's event is disabled and was not written")
        }
        if value["filterPatterns"] != nil {
            plan.note("\(value.place).filterPatterns", "write 'filter:' into the topic by hand")
        }
        LambdaSettings.addQueue(
            name, batch: values.integer(value["batchSize"]), window: values.integer(value["maximumBatchingWindow"]),
            reportsFailures: value["functionResponseType"]?.text == "ReportBatchItemFailures", &function)
    }
}
