import AdminModel
import Observability

/// What metrics and statistics are read out of, besides the data plane.
struct Observation: Sendable {
    /// What libraries and slow paths counted; nil when nothing is counted.
    let registry: MetricsRegistry?
    let gateway: PublicListener
    let exporter: TraceExporter?
    /// A scrape or a screen never asks Redis more than once a second.
    let queues = Cached<QueueStatus?>(milliseconds: 1_000)
    let live = Cached<LiveStatistics>(milliseconds: 500)

    init(registry: MetricsRegistry?, gateway: PublicListener, exporter: TraceExporter?) {
        self.registry = registry
        self.gateway = gateway
        self.exporter = exporter
    }
}
