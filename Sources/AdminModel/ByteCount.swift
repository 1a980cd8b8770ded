/// Sizes as text.
package enum ByteCount {
    /// Mebibytes with one digit after the point: `12.4`.
    package static func mebibytes(_ bytes: Int) -> String {
        let tenths = (Int64(max(0, bytes)) * 10 + (1 << 19)) >> 20
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// A size with its unit: `512 B`, `1.5 KiB`, `128 MiB`.
    package static func text(_ bytes: Int) -> String {
        let units = ["KiB", "MiB", "GiB", "TiB"]
        guard bytes >= 1024 else { return "\(bytes) B" }
        var shift = 10
        while shift < 40, bytes >> (shift + 10) > 0 { shift += 10 }
        let tenths = (Int64(bytes) * 10) >> Int64(shift)
        let number = tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
        return "\(number) \(units[shift / 10 - 1])"
    }
}
