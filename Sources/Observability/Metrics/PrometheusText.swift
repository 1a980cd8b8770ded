/// The text format of Prometheus, version 0.0.4, written by hand.
///
/// The samples of a family have to follow its head.
package struct PrometheusText: Sendable {
    package enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
        case summary
    }

    package typealias Labels = [(name: String, value: String)]

    /// What an answer with this text has to say of itself.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package private(set) var bytes: [UInt8] = []
    private var family = ""

    package init() { bytes.reserveCapacity(16 << 10) }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Begins a family: one name, what it means, and its kind.
    package mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        family = name
        put("# HELP \(name) ")
        putEscaped(help, quotes: false)
        put("\n# TYPE \(name) \(kind.rawValue)\n")
    }

    /// A family of one sample without labels.
    package mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        begin(name, kind, help)
        sample(value)
    }

    package mutating func sample(_ value: Int, _ labels: Labels = [], suffix: String = "") {
        head(suffix, labels)
        put("\(value)\n")
    }

    package mutating func sample(_ value: Double, _ labels: Labels = [], suffix: String = "") {
        head(suffix, labels)
        put("\(Self.number(value))\n")
    }

    /// All samples of a histogram of durations, in seconds.
    package mutating func histogram(_ histogram: DurationHistogram, _ labels: Labels = []) {
        var below = 0
        for (index, count) in histogram.counts.enumerated() {
            below += count
            let isLast = index == DurationHistogram.bounds.count
            let bound = isLast ? "+Inf" : Self.number(Double(DurationHistogram.bounds[index]) / 1e9)
            sample(below, labels + [("le", bound)], suffix: "_bucket")
        }
        sample(Double(histogram.sumNanoseconds) / 1e9, labels, suffix: "_sum")
        sample(below, labels, suffix: "_count")
    }

    private mutating func head(_ suffix: String, _ labels: Labels) {
        put(family)
        put(suffix)
        if !labels.isEmpty {
            for (index, label) in labels.enumerated() {
                put(index == 0 ? "{" : ",")
                put("\(label.name)=\"")
                putEscaped(label.value, quotes: true)
                put("\"")
            }
            put("}")
        }
        put(" ")
    }

    private mutating func put(_ text: String) { bytes += text.utf8 }

    private mutating func putEscaped(_ text: String, quotes: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): put("\\\\")
            case UInt8(ascii: "\n"): put("\\n")
            case UInt8(ascii: "\"") where quotes: put("\\\"")
            default: bytes.append(byte)
            }
        }
    }

    /// Whole numbers without a point, since both are read the same and people read one more easily.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int(exactly: value).map(String.init) ?? "\(value)"
    }
}
