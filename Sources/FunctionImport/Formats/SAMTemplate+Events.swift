extension SAMTemplate {
    func addEvents(_ events: DocumentValue?, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        for event in events?.members ?? [] {
            let type = event.value["Type"]?.text ?? ""
            let properties = event.value["Properties"] ?? event.value
            switch type {
            case "HttpApi", "Api": addRoute(type, properties, &function, &plan)
            case "Schedule", "ScheduleV2": addSchedule(properties, &function, &plan)
            case "SQS": addQueue(properties, &function, &plan)
            case "SNS":
                guard let topic = values.text(properties["Topic"]) else {
                    plan.note(properties.place, "the topic is known at deployment only")
                    continue
                }
                function.manifest.addTrigger("topic", [("name", .text(NameRule.lastPart(topic)))])
                plan.note(properties.place, "the handler gets what was published, without SNS's Records around it")
            default: plan.note(event.value.place, "there is no trigger like \(type)")
            }
        }
    }

    private func addRoute(
        _ type: String, _ properties: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        guard !needsAuthorizer(type, properties) else {
            return plan.note(
                properties.place, "the route is protected by an authorizer and was not written, since it would be open")
        }
        let path = values.text(properties["Path"]) ?? "/{path+}"
        LambdaSettings.addRoute(path, method: values.text(properties["Method"]), &function)
        if type == "Api" {
            plan.note(properties.place, "the handler gets events of payload format 2.0; REST APIs send 1.0")
        }
    }

    /// Whether the event, its API or the globals name one.
    private func needsAuthorizer(_ type: String, _ properties: DocumentValue) -> Bool {
        if let own = properties["Auth"]?["Authorizer"]?.text { return own != "NONE" }
        if properties["Auth"]?["ApiKeyRequired"]?.isTrue == true { return true }
        let api = values.text(properties["ApiId"] ?? properties["RestApiId"]).flatMap { root["Resources"]?[$0] }
        let general = api?["Properties"]?["Auth"] ?? root["Globals"]?[type]?["Auth"]
        return general?["DefaultAuthorizer"] != nil || general?["ApiKeyRequired"]?.isTrue == true
    }

    private func addSchedule(
        _ properties: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan
    ) {
        if properties["Enabled"]?.isTrue == false || properties["State"]?.text == "DISABLED" {
            return plan.note(properties.place, "the schedule is disabled and was not written")
        }
        LambdaSettings.addSchedule(
            values.text(properties["Schedule"] ?? properties["ScheduleExpression"]),
            timezone: values.text(properties["ScheduleExpressionTimezone"]), input: values.text(properties["Input"]),
            at: properties.place, &function, &plan)
    }

    private func addQueue(_ properties: DocumentValue, _ function: inout ImportedFunction, _ plan: inout ImportPlan) {
        guard let queue = values.text(properties["Queue"]) else {
            return plan.note(properties.place, "the queue is known at deployment only: write a topic by hand")
        }
        if properties["Enabled"]?.isTrue == false {
            return plan.note(properties.place, "the queue's event is disabled and was not written")
        }
        let responses = properties["FunctionResponseTypes"]?.items.compactMap(\.text) ?? []
        let filters = properties["FilterCriteria"]?["Filters"]?.items.compactMap { values.text($0["Pattern"]) } ?? []
        LambdaSettings.addQueue(
            queue, batch: values.integer(properties["BatchSize"]),
            window: values.integer(properties["MaximumBatchingWindowInSeconds"]),
            reportsFailures: responses.contains("ReportBatchItemFailures"), filters: filters, &function)
        addRedrive(of: properties["Queue"], &function)
        if let bound = properties["ScalingConfig"] {
            plan.note(bound.place, "write 'async: {concurrency: N}', which holds for the whole function")
        }
    }

    /// How often a queue of the template gives a message before it is dead.
    private func addRedrive(of queue: DocumentValue?, _ function: inout ImportedFunction) {
        let name = queue.flatMap { value -> String? in
            let text = value.text ?? value["Fn::GetAtt"]?.items.first?.text ?? value["Fn::GetAtt"]?.text
            return (text ?? value.items.first?.text)?.split(separator: ".").first.map(String.init)
        }
        guard let name, let resource = root["Resources"]?[name],
            let count = values.integer(resource["Properties"]?["RedrivePolicy"]?["maxReceiveCount"]), count > 0,
            function.manifest["async"] == nil
        else { return }
        function.manifest["async"] = .members([("attempts", .number(min(count, 100)))])
    }
}
