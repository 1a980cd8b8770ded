import CoreMetrics
import Testing

@testable import Observability

@Suite("Prometheus' text format")
struct PrometheusTextTests {
    @Test("A family is its head and its samples")
    func family() {
        var text = PrometheusText()
        text.begin("glo_x_total", .counter, "Counts\nx \\ y.")
        text.sample(3, [("function", "a\"b\\c\nd"), ("outcome", "ok")])
        text.sample(0.25)
        #expect(
            text.text == """
                # HELP glo_x_total Counts\\nx \\\\ y.
                # TYPE glo_x_total counter
                glo_x_total{function="a\\"b\\\\c\\nd",outcome="ok"} 3
                glo_x_total 0.25

                """)
    }

    @Test("A histogram's buckets add up, in seconds, and end with all")
    func histogram() {
        var histogram = DurationHistogram()
        for milliseconds in [0, 1, 2, 40, 1_000_000] { histogram.add(nanoseconds: Int64(milliseconds) * 1_000_000) }
        var text = PrometheusText()
        text.begin("glo_d_seconds", .histogram, "D.")
        text.histogram(histogram, [("function", "f")])
        let lines = text.text.split(separator: "\n").dropFirst(2)
        #expect(lines.first == #"glo_d_seconds_bucket{function="f",le="0.0005"} 1"#)
        #expect(lines.contains(#"glo_d_seconds_bucket{function="f",le="0.0025"} 3"#))
        #expect(lines.contains(#"glo_d_seconds_bucket{function="f",le="300"} 4"#))
        #expect(lines.contains(#"glo_d_seconds_bucket{function="f",le="+Inf"} 5"#))
        #expect(lines.contains(#"glo_d_seconds_sum{function="f"} 1000.043"#))
        #expect(lines.last == #"glo_d_seconds_count{function="f"} 5"#)
    }

    @Test(
        "Numbers that are no numbers have their names",
        arguments: [(Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (1e15, "1000000000000000")])
    func numbers(value: Double, text: String) {
        #expect(PrometheusText.number(value) == text)
    }

    @Test("What libraries count through swift-metrics becomes families with their units")
    func registry() {
        let registry = MetricsRegistry(helps: ["glo_call_seconds": "Calls."])
        Counter(label: "my.requests", dimensions: [("path", "/a")], factory: registry).increment(by: 2)
        Counter(label: "my.requests", dimensions: [("path", "/a")], factory: registry).increment()
        Timer(label: "glo_call", dimensions: [], factory: registry).recordNanoseconds(3_000_000)
        Meter(label: "level", factory: registry).set(7)
        Recorder(label: "size", factory: registry).record(10)
        var text = PrometheusText()
        registry.write(to: &text)
        #expect(text.text.contains("# TYPE my_requests_total counter\nmy_requests_total{path=\"/a\"} 3\n"))
        #expect(text.text.contains("# HELP glo_call_seconds Calls.\n# TYPE glo_call_seconds histogram\n"))
        #expect(text.text.contains("glo_call_seconds_count 1\n"))
        #expect(text.text.contains("# TYPE level gauge\nlevel 7\n"))
        #expect(text.text.contains("size_sum 10\nsize_count 1\n"))
    }

    @Test("A library that makes up labels without end fills no memory")
    func bounded() {
        let registry = MetricsRegistry()
        for number in 0..<MetricsRegistry.maximumSeries + 10 {
            Counter(label: "c", dimensions: [("n", "\(number)")], factory: registry).increment()
        }
        var text = PrometheusText()
        registry.write(to: &text)
        #expect(text.text.contains("glo_metrics_refused_total 10\n"))
        #expect(text.text.split(separator: "\n").count { $0.hasPrefix("c_total") } == MetricsRegistry.maximumSeries)
    }

    @Test("A counter that is destroyed is not shown any more")
    func destroyed() {
        let registry = MetricsRegistry()
        let counter = Counter(label: "gone", factory: registry)
        counter.increment()
        counter.destroy()
        var text = PrometheusText()
        registry.write(to: &text)
        #expect(!text.text.contains("gone"))
    }

    @Test("The process is known to itself")
    func process() throws {
        let reading = try #require(ProcessReading.read())
        #expect(reading.residentBytes > 1 << 20 && reading.virtualBytes > reading.residentBytes)
        #expect(reading.openDescriptors > 2 && reading.threads > 0 && reading.startedAtSeconds > 1_600_000_000)
    }
}
