/// Sizes, shares and times as Kubernetes and Go write them, in the manifest's words.
enum Quantities {
    private static let sizeUnits: [(suffix: String, factor: Double)] = [
        ("Ki", 1024), ("Mi", 1_048_576), ("Gi", 1_073_741_824), ("Ti", 1_099_511_627_776),
        ("Pi", 1_125_899_906_842_624),
        // Docker's, which OpenFaaS's own examples use: they are of 1024.
        ("kb", 1024), ("mb", 1_048_576), ("gb", 1_073_741_824), ("m", 1_048_576), ("g", 1_073_741_824), ("b", 1),
        ("k", 1000), ("K", 1000), ("M", 1_000_000), ("G", 1_000_000_000), ("T", 1_000_000_000_000),
        ("P", 1_000_000_000_000_000),
    ]

    /// Bytes of a text such as `128Mi`, `50M`, `1e9` or `134217728`; nil when it is not a size.
    static func bytes(_ text: String) -> Int? {
        let text = text.trimmingBlanks()
        var value = number(text[...])
        for unit in sizeUnits where value == nil && text.hasSuffix(unit.suffix) {
            value = number(text.dropLast(unit.suffix.count)).map { $0 * unit.factor }
        }
        guard let value, value >= 0, value < 9e18 else { return nil }
        return Int(value.rounded(.up))
    }

    /// A size as a manifest has it: never smaller.
    static func size(_ bytes: Int) -> String {
        for (suffix, factor) in [
            ("Gi", 1 << 30), ("Mi", 1 << 20), ("GB", 1_000_000_000), ("MB", 1_000_000), ("Ki", 1024),
        ]
        where bytes % factor == 0 && bytes > 0 {
            return "\(bytes / factor)\(suffix)"
        }
        return "\((bytes + 1023) / 1024)Ki"
    }

    /// Thousandths of a processor of a text such as `500m`, `0.5` or `2`; nil when it is no share.
    static func processorThousandths(_ text: String) -> Int? {
        let text = text.trimmingBlanks()
        let value = text.hasSuffix("m") ? number(text.dropLast()) : number(text[...]).map { $0 * 1000 }
        guard let value, value >= 0, value < 1e9 else { return nil }
        return Int(value.rounded(.up))
    }

    private static let timeUnits: [(suffix: String, milliseconds: Double)] = [
        ("ns", 0.000001), ("us", 0.001), ("µs", 0.001), ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000),
    ]

    /// Milliseconds of a text such as `1m30s`, `500ms` or, in seconds, `90`; nil when it is no time.
    static func milliseconds(_ text: String) -> Int? {
        let text = text.trimmingBlanks()
        var rest = text[...]
        if let seconds = number(rest) { return whole(seconds * 1000) }
        var total = 0.0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            let letters = rest.prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
            rest = rest.dropFirst(letters.count)
            guard let value = number(digits), let unit = timeUnits.first(where: { $0.suffix == letters }) else {
                return nil
            }
            total += value * unit.milliseconds
        }
        return whole(total)
    }

    /// A time as a manifest has it.
    static func duration(milliseconds: Int) -> String {
        milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
    }

    private static func whole(_ value: Double) -> Int? {
        value >= 0 && value < 9e15 ? Int(value.rounded(.up)) : nil
    }

    /// A plain decimal number, with an exponent as Kubernetes allows one.
    private static func number(_ text: Substring) -> Double? {
        guard let first = text.first, first.isASCII, first.isNumber || first == ".",
            text.allSatisfy({ $0.isASCII && ($0.isNumber || ".eE+-".contains($0)) }), let value = Double(text),
            value.isFinite
        else { return nil }
        return value
    }
}
