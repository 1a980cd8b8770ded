package import CoreMetrics
import Synchronization

/// The backend of swift-metrics: what libraries and slow paths count, kept until it is scraped.
///
/// A label becomes a family's name: `glo_engine_call` of a timer is the histogram `glo_engine_call_seconds`. What
/// happens for each invocation is not counted here but on the data plane, without a lock.
package final class MetricsRegistry: MetricsFactory {
    /// Series; what comes on top is not kept, so that no library can fill the memory.
    package static let maximumSeries = 1000

    struct Key: Hashable {
        let family: String
        let labels: [String]
    }

    private struct Series {
        var handlers: [Key: RegistryMetric] = [:]
        /// What did not fit.
        var refused = 0
    }

    private let series = Mutex(Series())
    private let helps: [String: String]

    /// - Parameter helps: what families mean, by their names as they are shown.
    package init(helps: [String: String] = [:]) { self.helps = helps }

    // MARK: The factory

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        handler(.counter, label, dimensions, suffix: "_total")
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        handler(.counter, label, dimensions, suffix: "_total")
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        handler(.gauge, label, dimensions, suffix: "")
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        handler(aggregate ? .summary : .gauge, label, dimensions, suffix: "")
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        handler(.histogram, label, dimensions, suffix: "_seconds")
    }

    package func destroyCounter(_ handler: any CounterHandler) { forget(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { forget(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { forget(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { forget(handler) }

    private func handler(
        _ kind: PrometheusText.Kind, _ label: String, _ dimensions: [(String, String)], suffix: String
    ) -> RegistryMetric {
        var name = Self.name(label)
        if !name.hasSuffix(suffix) { name += suffix }
        let labels = dimensions.map { (name: Self.name($0.0), value: $0.1) }
        let key = Key(family: name, labels: labels.flatMap { [$0.name, $0.value] })
        return series.withLock { series in
            if let known = series.handlers[key] { return known }
            let made = RegistryMetric(kind: kind, family: name, labels: labels)
            if series.handlers.count < Self.maximumSeries { series.handlers[key] = made } else { series.refused += 1 }
            return made
        }
    }

    private func forget(_ handler: AnyObject) {
        series.withLock { series in
            series.handlers = series.handlers.filter { $0.value !== handler }
        }
    }

    /// Letters, digits, `_`.
    private static func name(_ text: String) -> String {
        var name = ""
        for byte in text.utf8 {
            switch byte {
            case 65...90, 97...122, 95: name.unicodeScalars.append(Unicode.Scalar(byte))
            case 48...57 where !name.isEmpty: name.unicodeScalars.append(Unicode.Scalar(byte))
            default: name += "_"
            }
        }
        return name
    }

    // MARK: The scrape

    /// Writes every family, by name.
    package func write(to text: inout PrometheusText) {
        let (handlers, refused) = series.withLock { (Array($0.handlers.values), $0.refused) }
        let families = Dictionary(grouping: handlers, by: \.family)
        for name in families.keys.sorted() {
            let members = (families[name] ?? []).sorted { $0.sortKey < $1.sortKey }
            guard let first = members.first else { continue }
            text.begin(name, first.kind, helps[name] ?? "Counted by a library under this name.")
            // Two kinds under one name would make the whole scrape invalid.
            for member in members where member.kind == first.kind { member.write(to: &text) }
        }
        text.single(
            "glo_metrics_refused_total", .counter, "Series that were not kept since there are too many.",
            Double(refused))
    }
}
