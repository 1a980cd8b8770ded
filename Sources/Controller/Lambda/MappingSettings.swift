import FunctionCatalog

/// The members of CreateEventSourceMapping and UpdateEventSourceMapping that become keys of a topic. Nil is what was not
/// given.
struct MappingSettings: Sendable {
    var batch: Int?
    /// Seconds.
    var window: Int?
    var isEnabled: Bool?
    var reports: Bool?
    /// JSON texts.
    var filters: [String]?
    /// `.some(nil)` takes the bound away.
    var concurrency: Int??

    /// A larger batch is refused by the manifest.
    static let largestBatch = 1_000

    private static let refused = [
        "StartingPosition": "topics have no positions; events wait in them until they are handled",
        "StartingPositionTimestamp": "topics have no positions", "ParallelizationFactor": "it is for streams",
        "BisectBatchOnFunctionError": "it is for streams; use ReportBatchItemFailures",
        "MaximumRecordAgeInSeconds": "it is for streams; use PutFunctionEventInvokeConfig",
        "MaximumRetryAttempts": "it is for streams; use PutFunctionEventInvokeConfig",
        "DestinationConfig": "use PutFunctionEventInvokeConfig", "Topics": "it is for Kafka",
        "Queues": "it is for brokers",
        "SourceAccessConfigurations": "it is for brokers", "SelfManagedEventSource": "it is for Kafka",
        "TumblingWindowInSeconds": "it is for streams", "AmazonManagedKafkaEventSourceConfig": "it is for Kafka",
        "SelfManagedKafkaEventSourceConfig": "it is for Kafka", "DocumentDBEventSourceConfig": "there is no DocumentDB",
        "KMSKeyArn": "filters lie in function.yaml as they are", "MetricsConfig": "metrics are at /metrics",
        "ProvisionedPollerConfig": "there are no pollers",
    ]

    init(_ members: inout ControlMembers) throws(LambdaControlError) {
        try members.refuse(Self.refused)
        batch = try members.integer("BatchSize", in: 1...10_000)
        if let batch, batch > Self.largestBatch {
            throw .invalid("BatchSize: Glo gives at most \(Self.largestBatch) events at once")
        }
        window = try members.integer("MaximumBatchingWindowInSeconds", in: 0...300)
        isEnabled = try members.flag("Enabled")
        if let types = try members.texts("FunctionResponseTypes") {
            for type in types where type != "ReportBatchItemFailures" {
                throw .constraint(type, "functionResponseTypes", "satisfy enum value set: [ReportBatchItemFailures]")
            }
            reports = !types.isEmpty
        }
        try readFilters(&members)
        if var scaling = try members.object("ScalingConfig") {
            concurrency = .some(try scaling.integer("MaximumConcurrency", in: 2...1000))
            try scaling.end()
        }
    }

    private mutating func readFilters(_ members: inout ControlMembers) throws(LambdaControlError) {
        guard var criteria = try members.object("FilterCriteria") else { return }
        var patterns: [String] = []
        for filter in try criteria.list("Filters") ?? [] {
            guard let pattern = filter["Pattern"]?.text else {
                throw .invalid("Invalid filter pattern definition.")
            }
            patterns.append(pattern)
        }
        try criteria.end()
        filters = patterns
    }

    /// Writes what was given into a subscription.
    func apply(to topic: inout TriggerList.Topic) throws(LambdaControlError) {
        if let batch { topic.settings["batch"] = .number(batch) }
        if let window { topic.settings["window"] = window == 0 ? nil : .word("\(window)s") }
        if let isEnabled { topic.settings["enabled"] = isEnabled ? nil : .truth(false) }
        if let reports { topic.settings["reportBatchItemFailures"] = .truth(reports) }
        if let filters { topic.settings["filter"] = filters.isEmpty ? nil : .list(filters.map(ManifestValue.text)) }
        let size = topic.settings["batch"]?.string.flatMap { Int($0) } ?? 1
        guard !topic.name.hasSuffix(".fifo") || (size <= 10 && topic.settings["window"] == nil) else {
            throw .invalid(
                "Batching window is not supported for FIFO queues, and their maximum batch size is 10")
        }
        guard size <= 10 || topic.settings["window"] != nil else {
            throw .invalid(
                "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")
        }
    }

    func applyConcurrency(to manifest: inout ManifestEditor) {
        if case .some(let bound) = concurrency { manifest["async", "concurrency"] = bound.map(ManifestValue.number) }
    }
}
