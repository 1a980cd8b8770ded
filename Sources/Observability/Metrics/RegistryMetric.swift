import CoreMetrics
import Synchronization

/// One series of the registry, whatever kind it is of.
final class RegistryMetric: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    let kind: PrometheusText.Kind
    let family: String
    let labels: PrometheusText.Labels

    private struct Values {
        /// Of a counter or gauge; of a summary the sum.
        var number = 0.0
        var count = 0
        var durations: DurationHistogram?
    }

    private let values: Mutex<Values>

    init(kind: PrometheusText.Kind, family: String, labels: PrometheusText.Labels) {
        self.kind = kind
        self.family = family
        self.labels = labels
        values = Mutex(Values(durations: kind == .histogram ? DurationHistogram() : nil))
    }

    var sortKey: String { labels.map { "\($0.name)=\($0.value)" }.joined(separator: ",") }

    func increment(by amount: Int64) { increment(by: Double(amount)) }

    func increment(by amount: Double) {
        // A counter only grows.
        guard kind != .counter || amount >= 0 else { return }
        values.withLock { $0.number += amount }
    }

    func decrement(by amount: Double) { values.withLock { $0.number -= amount } }

    func set(_ value: Int64) { set(Double(value)) }

    func set(_ value: Double) { values.withLock { $0.number = value } }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard kind == .summary else { return set(value) }
        values.withLock { values in
            values.number += value
            values.count += 1
        }
    }

    func recordNanoseconds(_ duration: Int64) { values.withLock { $0.durations?.add(nanoseconds: duration) } }

    func reset() { values.withLock { $0.number = 0 } }

    func write(to text: inout PrometheusText) {
        let values = values.withLock(\.self)
        switch kind {
        case .counter, .gauge: text.sample(values.number, labels)
        case .histogram: if let durations = values.durations { text.histogram(durations, labels) }
        case .summary:
            text.sample(values.number, labels, suffix: "_sum")
            text.sample(values.count, labels, suffix: "_count")
        }
    }
}
