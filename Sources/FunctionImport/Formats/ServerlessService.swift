/// The functions of a `serverless.yml` whose provider is AWS.
///
/// Source: the Serverless Framework's guide, "serverless.yml reference" for AWS.
struct ServerlessService {
    let root: DocumentValue
    let expressions: ServerlessExpressions
    let protection: ServerlessProtection

    private static let read: Set<String> = [
        "handler", "name", "runtime", "memorySize", "timeout", "environment", "description", "reservedConcurrency",
        "events", "url", "maximumRetryAttempts", "maximumEventAge", "ephemeralStorageSize", "architecture", "package",
        "tags", "logRetentionInDays", "condition",
    ]

    init(_ root: DocumentValue, _ expressions: ServerlessExpressions) {
        self.root = root
        self.expressions = expressions
        protection = ServerlessProtection(root)
    }

    func plan() throws(ImportError) -> ImportPlan {
        let provider = root["provider"]?["name"]?.word ?? root["provider"]?.word ?? "none"
        guard provider == "aws" else {
            throw ImportError("the provider is '\(provider)'; only aws is read", hint: reason(root["provider"]))
        }
        var plan = ImportPlan(format: "serverless.yml")
        for member in functions(&plan) { addFunction(member, &plan) }
        guard !plan.functions.isEmpty else {
            let reasons = plan.notes.map { "\($0.place): \($0.message)" }
            throw ImportError(
                "the file has no functions that could be carried over",
                hint: reasons.isEmpty ? nil : reasons.prefix(5).joined(separator: "; "))
        }
        plan.noteUnread(
            root,
            read: [
                "service", "frameworkVersion", "provider", "functions", "package", "custom", "useDotenv", "params",
                "app",
                "org", "configValidationMode", "deprecationNotificationMode", "variablesResolutionMode",
            ])
        noteProvider(&plan)
        return plan
    }

    private func reason(_ value: DocumentValue?) -> String? {
        if case .unknown(let reason)? = value?.content { return reason }
        return nil
    }

    /// One mapping, or a list of such.
    private func functions(_ plan: inout ImportPlan) -> [(key: String, value: DocumentValue)] {
        guard let functions = root["functions"] else { return [] }
        guard functions.isList else { return plan.members(functions) }
        return functions.items.flatMap { plan.members($0) }
    }

    private static let providerKeys: Set<String> = [
        "name", "stage", "region", "runtime", "memorySize", "timeout", "environment", "architecture", "apiGateway",
        "httpApi", "iam", "iamRoleStatements", "profile", "stackName", "deploymentBucket", "deploymentMethod",
        "versionFunctions", "lambdaHashingVersion", "tags", "stackTags", "logRetentionInDays", "endpointType",
        "resourcePolicy", "usagePlan", "apiKeys", "vpcEndpointIds",
    ]

    /// What is read of an API's settings, or told of at its routes.
    private static let apiKeys: Set<String> = [
        "payload", "authorizers", "id", "name", "apiName", "description", "resourcePolicy", "usagePlan", "apiKeys",
        "restApiId", "disableDefaultEndpoint", "shouldStartNameWithService", "useProviderTags", "metrics", "logs",
    ]

    private func noteProvider(_ plan: inout ImportPlan) {
        guard let provider = root["provider"], provider.isMapping else { return }
        for key in ["iam", "iamRoleStatements"] {
            guard let rights = provider[key] else { continue }
            plan.note(rights, "functions have no AWS rights here; write 'network: egress' if they call others")
        }
        plan.noteUnread(provider, read: Self.providerKeys)
        for api in [provider["httpApi"], provider["apiGateway"]].compactMap(\.self) {
            for member in api.members where !Self.apiKeys.contains(member.key) {
                let advice =
                    member.key == "cors" ? "'cors:' is written into the routes by hand" : "it has no counterpart"
                plan.note(member.value, "not carried over: \(advice)")
            }
        }
    }

    private func addFunction(_ member: (key: String, value: DocumentValue), _ plan: inout ImportPlan) {
        guard member.value.isMapping else {
            if case .unknown(let reason) = member.value.content {
                return plan.note(member.value, "the function was not written: \(reason)")
            }
            return plan.note(member.value, "the function was not written: a mapping is expected here")
        }
        var isUncertain = false
        if let condition = member.value["condition"], !condition.isNull {
            switch condition.word.flatMap({ expressions.functions.condition(named: $0) }) {
            case true?: break
            case false?: return plan.note(condition, "the function was not written: its condition is false")
            case nil:
                isUncertain = true
                plan.note(condition, "the condition cannot be told here: the function is written, without routes")
            }
        }
        var function = function(member, &plan)
        if isUncertain { _ = function.manifest.removeRoutes() }
        plan.functions.append(function)
    }

    private func function(_ member: (key: String, value: DocumentValue), _ plan: inout ImportPlan) -> ImportedFunction {
        let value = member.value
        let provider = root["provider"]
        var function = ImportedFunction(
            name: plan.functionName(member.key, given: value["name"], at: value), at: value)
        addCode(value, &function, &plan)
        LambdaSettings.setDescription(value["description"], &function, &plan)
        LambdaSettings.setRuntime(
            value["runtime"] ?? provider?["runtime"], handler: value["handler"], at: value, &function, &plan)
        if let image = value["image"] { plan.note(image, "the function is an image: write 'image:' and a contract") }
        setLimits(value, provider, &function, &plan)
        plan.addEnvironment(provider?["environment"], to: &function, reader: .javaScript)
        plan.addEnvironment(value["environment"], to: &function, reader: .javaScript)
        for event in plan.items(value["events"]) { addEvent(event, &function, &plan) }
        if let url = value["url"] { addURL(url, &function, &plan) }
        let attempts = plan.integer(value["maximumRetryAttempts"]).map { ManifestDocument.Value.number($0 + 1) }
        let age = plan.integer(value["maximumEventAge"]).map { ManifestDocument.Value.text("\($0)s") }
        if attempts != nil || age != nil {
            function.manifest["async"] = .members([("attempts", attempts), ("maxAge", age)])
        }
        if function.manifest["triggers"] == nil { function.manifest["triggers"] = .list([]) }
        plan.noteUnread(value, read: Self.read.union(["image"]))
        return function
    }

    private func setLimits(
        _ value: DocumentValue, _ provider: DocumentValue?, _ function: inout ImportedFunction,
        _ plan: inout ImportPlan
    ) {
        // The framework's own defaults, which differ from Lambda's.
        let limits = LambdaSettings.Limits(
            memory: plan.integer(value["memorySize"] ?? provider?["memorySize"]) ?? 1024,
            seconds: plan.integer(value["timeout"] ?? provider?["timeout"]) ?? 6,
            temporary: plan.integer(value["ephemeralStorageSize"]),
            concurrency: plan.integer(value["reservedConcurrency"]))
        LambdaSettings.setLimits(limits, at: value, &function, &plan)
        LambdaSettings.noteArchitecture(
            plan.text(value["architecture"] ?? provider?["architecture"]), at: value, &plan)
    }

    // MARK: Code

    private func addCode(_ value: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        let package = [root["package"], value["package"]].compactMap(\.self).filter { !$0.isNull }
        for part in package { _ = plan.members(part) }
        let artifacts = package.compactMap { $0["artifact"] }.filter { !$0.isNull }
        if let artifact = artifacts.last {
            guard let path = plan.text(artifact), !path.contains("://") else {
                return plan.note(artifact, "the code does not lie beside the file: copy it by hand")
            }
            function.sourceArchive = path
            return
        }
        function.sourceDirectory = "."
        for part in package { addPatterns(part, &function, &plan) }
        for part in package {
            plan.noteUnread(
                part,
                read: ["patterns", "include", "exclude", "individually", "excludeDevDependencies", "artifact"])
        }
    }

    private func addPatterns(_ package: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        // The order in which the framework applies them.
        for (key, excludes) in [("exclude", true), ("include", false), ("patterns", false)] {
            for item in plan.items(package[key]) {
                guard let text = plan.text(item) else {
                    // What it would leave out is not known, so nothing may be copied.
                    function.rules.isUncertain = true
                    continue
                }
                if !function.rules.add(text, excludes: excludes) {
                    plan.note(item, "the pattern '\(text)' is not understood: no code is copied; copy it by hand")
                    function.rules.isUncertain = true
                }
            }
            if let list = package[key], !list.isList, !list.isNull { function.rules.isUncertain = true }
        }
    }

    private func addURL(_ url: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        if url.isNull || url.truth == false { return }
        let isOpen = url.truth == true || url.isMapping && url["authorizer"].map(\.isNull) ?? true
        guard isOpen else {
            return plan.note(url, "a function URL with IAM rights is not carried over: it would be open")
        }
        LambdaSettings.addFunctionURL(&function)
        plan.noteUnread(url, read: ["authorizer"], "not carried over; 'cors:' is written into the route by hand")
    }
}
