import Testing

@testable import Observability

@Suite("Buckets of latencies")
struct LatencyScaleTests {
    @Test("Every duration lies between the bounds of its bucket, and the bounds only grow")
    func bounds() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let nanoseconds = Int64(random.next() >> UInt64.random(in: 20...63, using: &random))
            let bucket = LatencyScale.bucket(nanoseconds: nanoseconds)
            #expect(LatencyScale.lowerBound(bucket) <= nanoseconds)
            if bucket < LatencyScale.bucketCount - 1 { #expect(nanoseconds < LatencyScale.lowerBound(bucket + 1)) }
        }
        for bucket in 1..<LatencyScale.bucketCount {
            #expect(LatencyScale.lowerBound(bucket - 1) < LatencyScale.lowerBound(bucket))
        }
    }

    @Test("A negative duration counts as none, one of days goes into the last bucket")
    func extremes() {
        #expect(LatencyScale.bucket(nanoseconds: -5) == 0)
        #expect(LatencyScale.bucket(nanoseconds: .max) == LatencyScale.bucketCount - 1)
    }

    @Test("Quantiles are right to a seventh", arguments: [0.5, 0.95, 0.99])
    func quantiles(share: Double) throws {
        var random = SystemRandomNumberGenerator()
        let values = (0..<5_000).map { _ in Int64(1_000_000 * Double.random(in: 1...2_000, using: &random)) }.sorted()
        var counts = [UInt32](repeating: 0, count: LatencyScale.bucketCount)
        for value in values { counts[LatencyScale.bucket(nanoseconds: value)] += 1 }
        let truth = Double(values[Int(share * Double(values.count)) - 1])
        let found = Double(try #require(LatencyScale.quantile(share, of: counts)))
        #expect(abs(found - truth) / truth < 1.0 / 7, "\(found) for \(truth)")
    }

    @Test("There is no quantile of nothing")
    func nothing() {
        #expect(LatencyScale.quantile(0.5, of: [UInt32](repeating: 0, count: 100)) == nil)
    }
}
