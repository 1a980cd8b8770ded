import FunctionCatalog
import FunctionModel

/// A subscription to a topic as Lambda's API shows it.
struct EventSourceMapping: Sendable {
    let function: FunctionName
    let topic: TriggerList.Topic
    let record: LambdaRecord.Mapping?
    /// `async.concurrency` of the function.
    let concurrency: Int?
    let modifiedMilliseconds: Int64

    /// The same for the same function and topic.
    var uuid: String { Self.uuid(function, topic.name) }

    static func uuid(_ function: FunctionName, _ topic: String) -> String {
        FunctionView.uuid("mapping\n\(function)\n\(topic)")
    }

    var sourceARN: String { record?.sourceARN ?? LambdaARN.queue(topic.name) }

    /// All of a function. The subscription to its own name, which it has by default, is none.
    static func all(
        _ name: FunctionName, _ manifest: ManifestEditor, _ record: LambdaRecord, modifiedMilliseconds: Int64
    ) -> [EventSourceMapping] {
        TriggerList(manifest, name).topics.compactMap { topic in
            let known = record.mappings[uuid(name, topic.name)]
            if topic.name == name.rawValue && topic.isPlain && known == nil { return nil }
            return EventSourceMapping(
                function: name, topic: topic, record: known,
                concurrency: manifest["async", "concurrency"]?.string.flatMap { Int($0) },
                modifiedMilliseconds: known?.modifiedAt ?? modifiedMilliseconds)
        }
    }

    /// - Parameter state: of a change that was just made; nil is how it is.
    func document(state: String? = nil) -> ServiceJSON {
        let settings = topic.settings
        let batch = settings["batch"]?.string.flatMap { Int($0) } ?? 1
        let isEnabled = settings["enabled"]?.string != "false"
        let reports = settings["batch"] != nil && settings["reportBatchItemFailures"]?.string != "false"
        let filters = settings["filter"]?.items?.compactMap(\.string) ?? []
        let window = settings["window"]?.string.flatMap { ManifestEditor.milliseconds($0) } ?? 0
        let bound = record?.bounds == true ? concurrency : nil
        return .members([
            ("UUID", .text(uuid)), ("EventSourceMappingArn", .text(LambdaARN.mapping(uuid))),
            ("EventSourceArn", .text(sourceARN)),
            ("FunctionArn", .text(LambdaARN.function(function.rawValue, qualifier: settings["alias"]?.string))),
            ("BatchSize", .integer(batch)), ("MaximumBatchingWindowInSeconds", .integer(window / 1000)),
            ("FunctionResponseTypes", .list(reports ? ["ReportBatchItemFailures"] : [])),
            (
                "FilterCriteria",
                filters.isEmpty
                    ? nil
                    : .members([("Filters", .list(filters.map { .members([("Pattern", .text($0))]) }))])
            ),
            ("ScalingConfig", bound.map { .members([("MaximumConcurrency", .integer($0))]) }),
            ("State", .text(state ?? (isEnabled ? "Enabled" : "Disabled"))),
            ("StateTransitionReason", "USER_INITIATED"), ("LastModified", FunctionView.seconds(modifiedMilliseconds)),
        ])
    }
}
