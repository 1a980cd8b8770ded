import AdminModel
import FunctionCatalog
import FunctionModel

/// Event source mappings: the topics in `triggers`.
extension LambdaControl {
    func createMapping(_ request: ControlRequest) async throws(LambdaControlError) -> ServiceResponse {
        var members = try request.members()
        guard let given = try members.text("FunctionName") else {
            throw .constraint("null", "functionName", "not be null")
        }
        let target = try ControlTarget(given)
        guard let arn = try members.text("EventSourceArn") else { throw .invalid("EventSourceArn is needed.") }
        guard let topic = LambdaARN.topic(arn) else {
            throw .unsupported("EventSourceArn \(arn)", "sources are queues, which are Glo's topics")
        }
        var settings = try MappingSettings(&members)
        let tags = try members.table("Tags") ?? [:]
        try Self.check(tags)
        try members.end()
        settings.batch = settings.batch ?? 10
        settings.reports = settings.reports ?? false
        let view = try await mappable(target)
        let uuid = EventSourceMapping.uuid(view.name, topic)
        guard !mappings(view).contains(where: { $0.uuid == uuid }) else {
            throw LambdaControlError(
                .resourceConflict,
                "An event source mapping with event source arn (\" \(arn) \") and function name (\" \(view.name) \") already "
                    + "exists. Please update or delete the existing mapping with UUID \(uuid)")
        }
        var new = TriggerList.Topic(name: topic, settings: .members([("name", .text(topic))]))
        new.settings["alias"] = target.published.map(ManifestValue.text)
        try settings.apply(to: &new)
        let record = LambdaRecord.Mapping(
            sourceARN: arn, modifiedAt: clock(), tags: tags, bounds: settings.concurrency.flatMap { $0 } != nil)
        return try await write(new, settings, record, of: view, state: "Creating")
    }

    func getMapping(_ uuid: String) async throws(LambdaControlError) -> ServiceResponse {
        Self.answer(200, try await mapping(uuid).1.document())
    }

    func listMappings(_ request: ControlRequest) async throws(LambdaControlError) -> ServiceResponse {
        var found: [EventSourceMapping] = []
        if let given = request.parameter("FunctionName") {
            let target = try ControlTarget(given)
            found = mappings(try await view(target))
            if target.qualifier != nil {
                found.removeAll { $0.topic.settings["alias"]?.string != target.published }
            }
        } else {
            for view in await allViews() { found += mappings(view) }
        }
        if let arn = request.parameter("EventSourceArn") {
            let topic = LambdaARN.topic(arn)
            found.removeAll { $0.topic.name != topic }
        }
        let (page, marker) = try Self.page(found, request, most: 100) { $0.uuid }
        return Self.answer(
            200, .members([("EventSourceMappings", .list(page.map { $0.document() })), ("NextMarker", marker)]))
    }

    func updateMapping(_ uuid: String, _ request: ControlRequest) async throws(LambdaControlError) -> ServiceResponse {
        let (view, mapping) = try await mapping(uuid)
        var members = try request.members()
        var topic = mapping.topic
        if let given = try members.text("FunctionName") {
            let target = try ControlTarget(given)
            guard target.name == view.name.rawValue else {
                throw .unsupported("FunctionName \(given)", "make a mapping for that function and delete this one")
            }
            _ = try await mappable(target)
            topic.settings["alias"] = target.published.map(ManifestValue.text)
        }
        let settings = try MappingSettings(&members)
        try members.end()
        try settings.apply(to: &topic)
        var record =
            mapping.record
            ?? LambdaRecord.Mapping(sourceARN: mapping.sourceARN, modifiedAt: 0, tags: [:], bounds: false)
        record.modifiedAt = clock()
        if case .some(let bound) = settings.concurrency { record.bounds = bound != nil }
        return try await write(topic, settings, record, of: view, state: "Updating")
    }

    func deleteMapping(_ uuid: String) async throws(LambdaControlError) -> ServiceResponse {
        let (view, mapping) = try await mapping(uuid)
        let bounds = mapping.record?.bounds == true
        try await edit(
            view, record: { (record) throws(LambdaControlError) in record.mappings[uuid] = nil }
        ) { (manifest) throws(FunctionWriteError) in
            var triggers = TriggerList(manifest, view.name)
            triggers.removeTopic(mapping.topic.name)
            triggers.write(to: &manifest)
            if bounds { manifest["async", "concurrency"] = nil }
        }
        return Self.answer(202, mapping.document(state: "Deleting"))
    }

    // MARK: Internals

    private func write(
        _ topic: TriggerList.Topic, _ settings: MappingSettings, _ record: LambdaRecord.Mapping, of view: FunctionView,
        state: String
    ) async throws(LambdaControlError) -> ServiceResponse {
        let uuid = EventSourceMapping.uuid(view.name, topic.name)
        let after = try await edit(
            view, record: { (all) throws(LambdaControlError) in all.mappings[uuid] = record }
        ) { (manifest) throws(FunctionWriteError) in
            var triggers = TriggerList(manifest, view.name)
            triggers.set(topic)
            triggers.write(to: &manifest)
            settings.applyConcurrency(to: &manifest)
        }
        guard let written = mappings(after).first(where: { $0.uuid == uuid }) else {
            throw LambdaControlError(.service, "the mapping was changed in the directory while it was written")
        }
        return Self.answer(202, written.document(state: state))
    }

    /// A function with an alias or a number of a published version for the events, if any.
    private func mappable(_ target: ControlTarget) async throws(LambdaControlError) -> FunctionView {
        let view = try await view(target)
        guard let qualifier = target.published else { return view }
        guard Int(qualifier) != nil else {
            _ = try await alias(qualifier, view.name)
            return view
        }
        guard try await published(view.name).contains(where: { String($0.number) == qualifier }) else {
            throw .functionNotFound(view.name.rawValue, qualifier: qualifier)
        }
        return view
    }

    func mappings(_ view: FunctionView) -> [EventSourceMapping] {
        EventSourceMapping.all(
            view.name, view.document, view.record, modifiedMilliseconds: view.source.modifiedMilliseconds)
    }

    func mapping(_ uuid: String) async throws(LambdaControlError) -> (FunctionView, EventSourceMapping) {
        for view in await allViews() {
            if let mapping = mappings(view).first(where: { $0.uuid == uuid }) { return (view, mapping) }
        }
        throw LambdaControlError(.resourceNotFound, "The resource you requested does not exist.")
    }

    private func allViews() async -> [FunctionView] {
        var views: [FunctionView] = []
        for entry in await catalog.list() {
            guard let name = FunctionName(entry.name), let view = try? await view(name, entry) else { continue }
            views.append(view)
        }
        return views
    }
}
