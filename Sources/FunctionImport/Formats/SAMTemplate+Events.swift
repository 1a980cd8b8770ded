extension SAMTemplate {
    func addEvents(_ events: DocumentValue?, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        for event in plan.members(events) {
            guard let type = plan.text(event.value["Type"]) else {
                plan.note(event.value, "the event says nothing of its type and was not written")
                continue
            }
            let beside = event.value.members.filter { $0.key != "Type" && $0.key != "Properties" }
            if let key = beside.first?.key {
                plan.note(
                    event.value,
                    "the event was not written: '\(key)' stands beside 'Type' and not in 'Properties', so it says nothing"
                )
                continue
            }
            if let properties = event.value["Properties"], !properties.isMapping {
                plan.note(event.value, "the event was not written: its 'Properties' say nothing that can be told")
                continue
            }
            addEvent(type, event.value, &function, &plan)
        }
    }

    private func addEvent(
        _ type: String, _ event: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        let properties = event["Properties"]
        switch type {
        case "HttpApi", "Api": addRoute(type, event, properties, &function, &plan)
        case "Schedule", "ScheduleV2": addSchedule(properties ?? event, &function, &plan)
        case "SQS": addQueue(properties ?? event, &function, &plan)
        case "SNS": addTopic(properties ?? event, &function, &plan)
        default: plan.note(event, "there is no trigger like \(type)")
        }
    }

    private static let routeKeys: Set<String> = [
        "Path", "Method", "ApiId", "RestApiId", "Auth", "PayloadFormatVersion",
    ]

    private func addRoute(
        _ type: String, _ event: DocumentValue, _ properties: DocumentValue?, _ function: inout ImportedFunction,
        _ plan: inout ImportPlan
    ) {
        let place = properties ?? event
        if let reason = protection.reason(type, properties) {
            return LambdaSettings.noteClosed(reason, at: place, &plan)
        }
        let known = Self.routeKeys.union(["TimeoutInMillis", "RouteSettings", "RequestModel", "RequestParameters"])
        if let other = properties?.members.first(where: { !known.contains($0.key) }) {
            return plan.note(
                place, "the route was not written: what '\(other.key)' means for it, and who may call it, is not known")
        }
        let isREST = type == "Api" || properties?["PayloadFormatVersion"]?.word == "1.0"
        switch (properties?["Path"], properties?["Method"]) {
        case (nil, nil) where type == "HttpApi":
            LambdaSettings.addCatchAll(isREST: isREST, &function)
        case (let path?, let method?):
            guard let path = plan.text(path), let method = plan.text(method) else {
                return plan.note(place, "the route was not written: its path or method cannot be told")
            }
            if path == "$default" {
                LambdaSettings.addCatchAll(isREST: isREST, &function)
            } else {
                LambdaSettings.addRoute(path, method: method, isREST: isREST, at: place, &function, &plan)
            }
        default:
            return plan.note(place, "the route was not written: it says nothing of its path or its method")
        }
        if protection.hasAuthorizers(type, properties) {
            plan.note(place, "the API has authorizers, but this route is under none: it is open there and here")
        }
        if let properties { plan.noteUnread(properties, read: Self.routeKeys) }
    }

    private func addTopic(_ properties: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        if let filter = properties["FilterPolicy"], !filter.isNull {
            return plan.note(
                filter, "the topic was not written: write 'filter:' into it by hand, or the handler gets all")
        }
        guard let name = LambdaSettings.topicName(properties["Topic"], at: properties, &plan) else { return }
        function.manifest.addTrigger("topic", [("name", .text(name))])
        plan.note(properties, "the handler gets what was published, without SNS's Records around it")
        plan.noteUnread(properties, read: ["Topic"])
    }

    private func addSchedule(
        _ properties: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        if let enabled = properties["Enabled"], !enabled.isNull, enabled.truth != true {
            return plan.note(properties, "the schedule is disabled, or may be, and was not written")
        }
        if let state = properties["State"], !state.isNull, state.word != "ENABLED" {
            return plan.note(properties, "the schedule is disabled, or may be, and was not written")
        }
        LambdaSettings.addSchedule(
            properties["Schedule"] ?? properties["ScheduleExpression"],
            timezone: properties["ScheduleExpressionTimezone"], input: properties["Input"], at: properties, &function,
            &plan)
        plan.noteUnread(
            properties,
            read: [
                "Schedule", "ScheduleExpression", "ScheduleExpressionTimezone", "Input", "Enabled", "State", "Name",
                "Description",
            ])
    }

    private func addQueue(_ properties: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        if let enabled = properties["Enabled"], !enabled.isNull, enabled.truth != true {
            return plan.note(properties, "the queue's event is disabled, or may be, and was not written")
        }
        var filters: [String] = []
        if let criteria = properties["FilterCriteria"] {
            let patterns = plan.items(criteria["Filters"]).map { $0["Pattern"] }
            filters = patterns.compactMap { plan.text($0) }
            guard !patterns.isEmpty, filters.count == patterns.count else {
                return plan.note(criteria, "the queue's event was not written: its filters cannot be told")
            }
        }
        guard let name = LambdaSettings.topicName(properties["Queue"], at: properties, &plan) else { return }
        let responses = plan.items(properties["FunctionResponseTypes"]).compactMap { plan.text($0) }
        let queue = LambdaSettings.Queue(
            batch: plan.integer(properties["BatchSize"]),
            window: plan.integer(properties["MaximumBatchingWindowInSeconds"]),
            reportsFailures: responses.contains("ReportBatchItemFailures"), filters: filters)
        LambdaSettings.addQueue(name, queue, &function)
        addRedrive(of: properties["Queue"], &function, &plan)
        if let bound = properties["ScalingConfig"] {
            plan.note(bound, "write 'async: {concurrency: N}', which holds for the whole function")
        }
        plan.noteUnread(
            properties,
            read: [
                "Queue", "BatchSize", "MaximumBatchingWindowInSeconds", "FunctionResponseTypes", "FilterCriteria",
                "ScalingConfig", "Enabled",
            ])
    }

    /// How often a queue of the template gives a message before it is dead.
    private func addRedrive(
        of queue: DocumentValue?, _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        guard let queue, let node = queue.node, let (_, argument) = CloudFormationFunctions.call(queue, node) else {
            return
        }
        let text = argument.word ?? argument.items.first?.word
        guard let id = text?.split(separator: ".").first.map(String.init),
            let policy = root["Resources"]?[id]?["Properties"]?["RedrivePolicy"],
            let count = plan.integer(policy["maxReceiveCount"]), count > 0, function.manifest["async"] == nil
        else { return }
        function.manifest["async"] = .members([("attempts", .number(min(count, 100)))])
    }
}
