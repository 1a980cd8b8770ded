/// What is observed of invocations.
package struct ObservationSettings: Sendable, Hashable {
    /// Whether invocations are counted, for `/metrics` and `glo top`.
    package var countsMetrics = true
    /// Ends of invocations of one function that are remembered; 0 keeps no records and writes no START and END lines.
    package var records = 1_000
    /// Where traces are sent, an OTLP/HTTP collector's `http://host:4318/v1/traces`; nil records none.
    package var tracesURL: String?
    /// The share of traces that begin here and are recorded, 0 to 1.
    package var sample = 0.01

    package init() {}

    package var keepsRecords: Bool { records > 0 }
    /// Nil when no traces are recorded.
    package var traceSample: Double? { tracesURL == nil ? nil : sample }
}
