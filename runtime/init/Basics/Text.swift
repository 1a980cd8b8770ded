import CLibrary
import CLinux

/// Builds text as bytes: Embedded Swift's String would bring Unicode tables that nothing here needs.
struct Text {
    private(set) var bytes: [UInt8] = []

    init() {}

    init(_ words: StaticString) { append(words) }

    mutating func append(_ words: StaticString) { words.withUTF8Buffer { bytes.append(contentsOf: $0) } }

    mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }

    mutating func append(decimal value: Int) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        var digits: [UInt8] = []
        var rest = value.magnitude
        repeat {
            digits.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        bytes.append(contentsOf: digits.reversed())
    }

    /// The system's words for an `errno`.
    mutating func append(error: Int32) {
        guard let words = strerror(error) else { return }
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: words, count: strlen(words)))
    }

    /// With ": " and the system's words behind it.
    func explained(by error: Int32) -> Text {
        var text = self
        text.append(": ")
        text.append(error: error)
        return text
    }

    /// As system calls want it: ended by NUL.
    var cString: [CChar] { Text.cString(bytes) }

    static func cString(_ bytes: [UInt8]) -> [CChar] {
        var string: [CChar] = []
        string.reserveCapacity(bytes.count + 1)
        for byte in bytes { string.append(CChar(bitPattern: byte)) }
        string.append(0)
        return string
    }

    /// Writes a line to standard error, for whoever looks at the container's log.
    func report() {
        var line = Text("glo-init: ")
        line.append(bytes)
        line.bytes.append(UInt8(ascii: "\n"))
        line.bytes.withUnsafeBytes { _ = CLibrary.write(2, $0.baseAddress, $0.count) }
    }
}
