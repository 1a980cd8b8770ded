/// The paths of metrics, statistics and records.
extension AdminPath {
    /// Prometheus' text format.
    package static let metrics = "/metrics"
    /// The answer is ``LiveStatistics``.
    package static let statistics = "/v1/stats"
    /// Query: `function`. The answer is a ``StatisticsHistory``.
    package static let history = "/v1/stats/history"
    /// Server-sent events: `stats` each second; query: `function`, `logs=true` for `log` too.
    package static let stream = "/v1/events/stream"

    /// Query: `limit`, `outcome`. The answer is a list of ``InvocationSummary``, newest first.
    package static func records(_ name: String) -> String { "\(functions)/\(name)/records" }
    /// The answer is a ``RecordDetail``.
    package static func record(_ id: String) -> String { "/v1/records/\(id)" }
}
