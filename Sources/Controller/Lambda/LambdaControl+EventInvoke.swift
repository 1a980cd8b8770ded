import FunctionCatalog
import FunctionModel

/// Event invoke configurations: `async.attempts`, `async.maxAge`, `async.onSuccess` and `async.onFailure`.
extension LambdaControl {
    private static let keys = ["attempts", "maxAge", "onSuccess", "onFailure"]

    func setEventInvoke(_ target: ControlTarget, _ request: ControlRequest, replaces: Bool)
        async throws(LambdaControlError) -> ServiceResponse
    {
        let view = try await eventInvokeView(target)
        var members = try request.members()
        let retries = try members.integer("MaximumRetryAttempts", in: 0...2)
        let age = try members.integer("MaximumEventAgeInSeconds", in: 60...21_600)
        var destinations: [String: ManifestValue?] = [:]
        let given = try members.object("DestinationConfig")
        if var given {
            for (name, key) in [("OnSuccess", "onSuccess"), ("OnFailure", "onFailure")] {
                guard var destination = try given.object(name) else { continue }
                let arn = try destination.text("Destination") ?? ""
                try destination.end()
                let member = "destinationConfig.\(key).destination"
                destinations[key] = .some(
                    arn.isEmpty ? nil : .text(try Self.destination(arn, of: view.name, at: member)))
            }
            try given.end()
        }
        try members.end()
        guard retries != nil || age != nil || given != nil else {
            throw .invalid("You must specify at least one of error handling or destination setting.")
        }
        if !replaces { _ = try eventInvoke(view) }
        let (chosen, now) = (destinations, clock())
        let after = try await edit(
            view, record: { (record) throws(LambdaControlError) in record.eventInvokeModifiedAt = now }
        ) { (manifest) throws(FunctionWriteError) in
            if replaces { for key in Self.keys { manifest["async", key] = nil } }
            if let retries { manifest["async", "attempts"] = .number(retries + 1) }
            if let age { manifest["async", "maxAge"] = .word("\(age)s") }
            for (key, value) in chosen.sorted(by: { $0.key < $1.key }) { manifest["async", key] = value }
        }
        return Self.answer(200, try eventInvoke(after))
    }

    func getEventInvoke(_ target: ControlTarget) async throws(LambdaControlError) -> ServiceResponse {
        Self.answer(200, try eventInvoke(try await eventInvokeView(target)))
    }

    func listEventInvoke(_ target: ControlTarget, _ request: ControlRequest) async throws(LambdaControlError)
        -> ServiceResponse
    {
        let view = try await view(target)
        let documents = (try? eventInvoke(view)).map { [$0] } ?? []
        return try Self.paged("FunctionEventInvokeConfigs", documents, request)
    }

    func deleteEventInvoke(_ target: ControlTarget) async throws(LambdaControlError) -> ServiceResponse {
        let view = try await eventInvokeView(target)
        _ = try eventInvoke(view)
        try await edit(
            view, record: { (record) throws(LambdaControlError) in record.eventInvokeModifiedAt = nil }
        ) { (manifest) throws(FunctionWriteError) in
            for key in Self.keys { manifest["async", key] = nil }
        }
        return Self.nothing
    }

    private func eventInvokeView(_ target: ControlTarget) async throws(LambdaControlError) -> FunctionView {
        let view = try await view(target)
        guard target.published == nil else {
            throw .unsupported(
                "Qualifier \(target.published ?? "")",
                "`async` in function.yaml is the function's own; a published version keeps what it had")
        }
        return view
    }

    /// - Throws: `ResourceNotFoundException` when the manifest says nothing of it.
    private func eventInvoke(_ view: FunctionView) throws(LambdaControlError) -> ServiceJSON {
        let written = view.document["async"]
        let arn = LambdaARN.function(view.name.rawValue, qualifier: "$LATEST")
        guard Self.keys.contains(where: { written?[$0] != nil }) else {
            throw LambdaControlError(.resourceNotFound, "The function \(arn) doesn't have an EventInvokeConfig")
        }
        let settings = view.manifest.asyncSettings
        func destination(_ destination: EventDestination?) -> ServiceJSON {
            .members([("Destination", destination.map { .text(Self.arn($0)) })])
        }
        return .members([
            ("FunctionArn", .text(arn)),
            (
                "LastModified",
                FunctionView.seconds(view.record.eventInvokeModifiedAt ?? view.source.modifiedMilliseconds)
            ),
            ("MaximumRetryAttempts", written?["attempts"] == nil ? nil : .integer(settings.attempts - 1)),
            (
                "MaximumEventAgeInSeconds",
                written?["maxAge"] == nil ? nil : .integer(settings.maxAgeMilliseconds / 1000)
            ),
            (
                "DestinationConfig",
                .members([
                    ("OnSuccess", destination(settings.onSuccess)), ("OnFailure", destination(settings.onFailure)),
                ])
            ),
        ])
    }

    // MARK: Destinations

    /// `topic:NAME`, `function:NAME` or a URL for an ARN or a URL.
    private static func destination(_ arn: String, of function: FunctionName, at member: String)
        throws(LambdaControlError) -> String
    {
        if let topic = LambdaARN.topic(arn) { return "topic:\(topic)" }
        if arn.hasPrefix("https://") { return arn }
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count >= 3, parts[0] == "arn", parts[2] == "lambda" {
            let target = try ControlTarget(arn)
            guard target.published == nil else {
                throw .unsupported("The destination \(arn)", "results go to functions without a qualifier")
            }
            guard target.name != function.rawValue else {
                throw .invalid("You can't specify the function as a destination for itself.")
            }
            return "function:\(target.name)"
        }
        guard parts.count >= 6, parts[0] == "arn" else {
            throw .constraint(
                arn, member,
                "satisfy regular expression pattern: "
                    + #"^$|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}(-gov)?-[a-z]+-\d{1})?:(\d{12})?:(.*)"#)
        }
        throw .invalid(
            "The provided destination config DestinationConfig is invalid: \(arn) is not a queue, a function or an https "
                + "URL")
    }

    private static func arn(_ destination: EventDestination) -> String {
        switch destination {
        case .topic(let name): LambdaARN.queue(name)
        case .function(let name): LambdaARN.function(name.rawValue)
        case .url(let url, secret: _), .cloudEvent(let url, secret: _): url
        }
    }
}
