extension ServerlessService {
    func addEvent(_ event: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        let members = plan.members(event)
        guard let (kind, value) = members.first else {
            return plan.note(event, "the event says nothing and was not written")
        }
        if members.count > 1 {
            return plan.note(
                event,
                "the event was not written: '\(members[1].key)' stands beside '\(kind)' and not below it, so it says nothing"
            )
        }
        switch value.content {
        case .null: return plan.note(event, "the event was not written: '\(kind)' says nothing")
        case .unknown(let reason): return plan.note(event, "the event was not written: \(reason)")
        case .text, .list, .mapping: break
        }
        switch kind {
        case "http", "httpApi": addRoute(kind, value, &function, &plan)
        case "schedule": addSchedule(value, &function, &plan)
        case "sqs": addQueue(value, &function, &plan)
        case "sns": addTopic(value, &function, &plan)
        default: plan.note(value, "there is no trigger like \(kind)")
        }
    }

    private func addRoute(
        _ kind: String, _ value: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        if let reason = protection.reason(kind, value) {
            return LambdaSettings.noteClosed(reason, at: value, &plan)
        }
        guard let (method, path) = methodAndPath(kind, value, &plan) else { return }
        var isREST = kind == "http"
        let api = root["provider"]?["httpApi"]
        if kind == "httpApi", let format = api?["payload"], !format.isNull { isREST = plan.text(format) == "1.0" }
        if kind == "httpApi", let authorizers = api?["authorizers"], !authorizers.isNull {
            plan.note(value, "the API has authorizers, but this route is under none: it is open there and here")
        }
        if let integration = value["integration"], !integration.isNull,
            !["lambda-proxy", "lambda_proxy", "aws_proxy", "aws-proxy"].contains(integration.word?.lowercased() ?? "")
        {
            return plan.note(integration, "the route was not written: its handler does not get the request itself")
        }
        if path == "*" {
            LambdaSettings.addCatchAll(isREST: isREST, &function)
        } else {
            LambdaSettings.addRoute(path, method: method, isREST: isREST, at: value, &function, &plan)
        }
        if value["cors"] != nil, let cors = value["cors"] { plan.note(cors, "write 'cors:' into the route by hand") }
        plan.noteUnread(value, read: ["path", "method", "cors", "integration", "authorizer", "private"])
    }

    /// `GET /users`, `*`, or a mapping of both; nil, with a note, when it says nothing.
    private func methodAndPath(
        _ kind: String, _ value: DocumentValue, _ plan: inout ImportPlan
    ) -> (method: String, path: String)? {
        var method: String?
        var path: String?
        if value.isMapping {
            path = plan.text(value["path"])
            method = plan.text(value["method"])
            if path == "*", value["method"] == nil || value["method"]?.isNull == true { method = "*" }
        } else if let text = plan.text(value) {
            let words = text.split(separator: " ").map(String.init)
            if words == ["*"] { (method, path) = ("*", "*") }
            if words.count == 2 { (method, path) = (words[0], words[1]) }
        }
        guard let method, let path, !path.isEmpty, path != "*" || kind == "httpApi" && method == "*" else {
            plan.note(value, "the route was not written: it says nothing of its path or its method that can be told")
            return nil
        }
        return (method, path)
    }

    private func addSchedule(_ value: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        if let enabled = value["enabled"], !enabled.isNull, enabled.truth != true {
            return plan.note(value, "the schedule is disabled, or may be, and was not written")
        }
        for key in ["inputPath", "inputTransformer"] {
            if let change = value[key], !change.isNull {
                return plan.note(change, "the schedule was not written: its input is made at deployment")
            }
        }
        let rates = value.isMapping ? value["rate"].map { $0.isList ? $0.items : [$0] } ?? [] : [value]
        if rates.isEmpty { plan.note(value, "the schedule was not written: it says nothing of when it runs") }
        for rate in rates {
            LambdaSettings.addSchedule(
                rate, timezone: value["timezone"], input: value["input"], at: value, &function, &plan)
        }
        plan.noteUnread(
            value,
            read: [
                "rate", "enabled", "input", "timezone", "name", "description", "inputPath", "inputTransformer",
                "method",
            ])
    }

    private func addTopic(_ value: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        if let filter = value["filterPolicy"], !filter.isNull {
            return plan.note(
                filter, "the topic was not written: write 'filter:' into it by hand, or the handler gets all")
        }
        let named = value.isMapping ? value["topicName"] ?? value["arn"] : value
        guard let name = LambdaSettings.topicName(named, at: value, &plan) else { return }
        function.manifest.addTrigger("topic", [("name", .text(name))])
        plan.note(value, "the handler gets what was published, without SNS's Records around it")
        plan.noteUnread(value, read: ["topicName", "arn", "displayName", "filterPolicy"])
    }

    private func addQueue(_ value: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        if let enabled = value["enabled"], !enabled.isNull, enabled.truth != true {
            return plan.note(value, "the queue's event is disabled, or may be, and was not written")
        }
        var filters: [String] = []
        if let patterns = value["filterPatterns"], !patterns.isNull {
            filters = plan.items(patterns).compactMap { JSONText.encode($0) }
            guard !filters.isEmpty, filters.count == patterns.items.count else {
                return plan.note(patterns, "the queue's event was not written: its filters cannot be told")
            }
        }
        let arn = value.isMapping ? value["arn"] : value
        guard let name = queueName(arn, at: value, &plan) else { return }
        let queue = LambdaSettings.Queue(
            batch: plan.integer(value["batchSize"]), window: plan.integer(value["maximumBatchingWindow"]),
            reportsFailures: value["functionResponseType"]?.word == "ReportBatchItemFailures", filters: filters)
        LambdaSettings.addQueue(name, queue, &function)
        plan.noteUnread(
            value,
            read: [
                "arn", "batchSize", "maximumBatchingWindow", "functionResponseType", "filterPatterns", "enabled",
            ])
    }

    /// The queue's name; of an ARN that is joined of parts that a deployment knows, the last part is the name.
    private func queueName(_ arn: DocumentValue?, at event: DocumentValue, _ plan: inout ImportPlan) -> String? {
        if let arn, arn.isUnknown, let node = arn.node, let (name, argument) = CloudFormationFunctions.call(arn, node),
            name == "Join", let last = argument.items.last?.items.last
        {
            return LambdaSettings.topicName(last, at: event, &plan)
        }
        return LambdaSettings.topicName(arn, at: event, &plan)
    }
}
