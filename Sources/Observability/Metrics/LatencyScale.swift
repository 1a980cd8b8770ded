/// Buckets for quantiles: four to each doubling of time, from 16 µs to a quarter of an hour, so that what is read out
/// of them is wrong by a tenth at most.
package enum LatencyScale {
    package static let bucketCount = 100
    /// A unit is 2^14 ns, about 16 µs.
    private static let unitShift = 14

    /// The bucket of a duration.
    package static func bucket(nanoseconds: Int64) -> Int {
        let units = UInt64(max(0, nanoseconds)) >> unitShift
        guard units >= 4 else { return Int(units) }
        let exponent = 63 - units.leadingZeroBitCount
        let quarter = Int(units >> UInt64(exponent - 2)) & 3
        return min(bucketCount - 1, (exponent - 1) * 4 + quarter)
    }

    /// Where a bucket begins, in nanoseconds.
    package static func lowerBound(_ bucket: Int) -> Int64 {
        guard bucket >= 4 else { return Int64(bucket) << unitShift }
        let exponent = bucket / 4 + 1
        return Int64(4 + bucket % 4) << Int64(exponent - 2 + unitShift)
    }

    /// The duration that this share of all lies below, in nanoseconds, or nil when there are none. Within its bucket it
    /// is taken to lie where its rank does.
    package static func quantile(_ share: Double, of counts: some Collection<UInt32>) -> Int64? {
        let total = counts.reduce(0) { $0 + Int($1) }
        guard total > 0 else { return nil }
        let rank = max(1, min(Double(total), (share * Double(total)).rounded(.up)))
        var below = 0.0
        for (bucket, count) in counts.enumerated() where count > 0 {
            let within = rank - below
            if within <= Double(count) {
                let lower = lowerBound(bucket)
                let width = Double(lowerBound(bucket + 1) - lower)
                return lower + Int64(width * within / Double(count))
            }
            below += Double(count)
        }
        return nil
    }
}
