/// Reads and prints the quantities of a manifest: sizes, shares of processors, durations.
enum Quantity {
    /// Units of sizes and their bytes, the largest first.
    static let sizeUnits: [(suffix: String, factor: Int)] = [
        ("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000),
    ]
    /// Units of durations and their milliseconds, in an order in which no suffix hides a longer one.
    static let durationUnits: [(suffix: String, factor: Int)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// Bytes of a text such as `128Mi`, `1Gi` or `256MB`.
    static func bytes(_ text: String) -> Int? { scaled(text, units: sizeUnits) }

    /// Milliseconds of a text such as `500ms`, `30s` or `1.5m`.
    static func milliseconds(_ text: String) -> Int? { scaled(text, units: durationUnits) }

    /// Thousandths of a processor of a text such as `0.5`, `2` or `500m`.
    static func cpuMillis(_ text: String) -> Int? {
        if text.hasSuffix("m") { return thousandths(text.dropLast()).flatMap { $0 % 1000 == 0 ? $0 / 1000 : nil } }
        return thousandths(text)
    }

    static func describe(bytes: Int) -> String {
        for unit in sizeUnits where unit.suffix.hasSuffix("i") && bytes >= unit.factor && bytes % unit.factor == 0 {
            return "\(bytes / unit.factor)\(unit.suffix)"
        }
        return "\(bytes) bytes"
    }

    static func describe(milliseconds: Int) -> String {
        for unit in durationUnits.reversed() where milliseconds >= unit.factor && milliseconds % unit.factor == 0 {
            return "\(milliseconds / unit.factor)\(unit.suffix)"
        }
        return "\(milliseconds)ms"
    }

    static func describe(cpuMillis: Int) -> String {
        cpuMillis % 1000 == 0 ? "\(cpuMillis / 1000)" : "\(cpuMillis)m"
    }

    private static func scaled(_ text: String, units: [(suffix: String, factor: Int)]) -> Int? {
        for unit in units where text.hasSuffix(unit.suffix) {
            guard let thousandths = thousandths(text.dropLast(unit.suffix.utf8.count)) else { continue }
            let (product, overflow) = thousandths.multipliedReportingOverflow(by: unit.factor)
            guard !overflow, product % 1000 == 0 else { return nil }
            return product / 1000
        }
        return nil
    }

    /// A plain decimal number with at most three digits behind the point, times 1000.
    private static func thousandths(_ text: some StringProtocol) -> Int? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = digits(parts[0], atMost: 12) else { return nil }
        guard parts.count == 2 else { return whole * 1000 }
        guard let fraction = digits(parts[1], atMost: 3) else { return nil }
        return whole * 1000 + (parts[1].count == 1 ? fraction * 100 : parts[1].count == 2 ? fraction * 10 : fraction)
    }

    private static func digits(_ bytes: some Collection<UInt8>, atMost limit: Int) -> Int? {
        guard !bytes.isEmpty, bytes.count <= limit else { return nil }
        var value = 0
        for byte in bytes {
            guard (48...57).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        return value
    }
}
