/// Follows the commands of an append-only file byte by byte, and knows where each whole one ends. What stands between
/// MULTI and EXEC is one: Redis carries out all of it or nothing.
///
/// The format is that of requests (RESP arrays of bulk strings); lines that begin with `#` are notes.
struct AppendOnlyScanner: Hashable, Sendable {
    private enum Phase: Hashable {
        case command, note
        /// The digits behind `*` and behind `$`, and the line feed that ends them.
        case count, countEnd
        case mark
        case length, lengthEnd
        case payload, payloadReturn, payloadEnd
    }

    /// No command of Redis has more words, and no word more bytes (proto-max-bulk-len).
    private static let mostWords = 1 << 20
    private static let longestWord = 512 << 20

    /// Bytes seen, with those before the place where it began.
    private(set) var offset: Int
    /// The end of the last whole command.
    private(set) var boundary: Int
    /// Where that command begins.
    private(set) var previousBoundary: Int
    /// The first byte that cannot be; nothing behind it is looked at.
    private(set) var damage: Int?

    private var phase = Phase.command
    private var number = 0
    private var digits = 0
    private var wordsLeft = 0
    private var isFirstWord = false
    /// The command's name as far as it matters: its last eight bytes in small letters.
    private var name: UInt64 = 0
    private var isInTransaction = false

    /// - Parameter offset: of the first byte that is fed, which begins a command.
    init(at offset: Int = 0) {
        self.offset = offset
        boundary = offset
        previousBoundary = offset
    }

    /// Whether all that was seen is whole commands.
    var isWhole: Bool { damage == nil && boundary == offset }

    mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        let start = offset
        while index < bytes.count, damage == nil {
            if phase == .payload {
                let count = min(number, bytes.count - index)
                if isFirstWord { remember(bytes, index, count) }
                number -= count
                index += count
                if number == 0 { phase = .payloadReturn }
                continue
            }
            guard take(bytes[index], end: start + index + 1) else {
                damage = start + index
                break
            }
            index += 1
        }
        offset = start + bytes.count
    }

    /// False when that byte cannot stand there.
    private mutating func take(_ byte: UInt8, end: Int) -> Bool {
        switch phase {
        case .command: return begin(byte)
        case .note:
            if byte == UInt8(ascii: "\n") {
                phase = .command
                if !isInTransaction { whole(end) }
            }
            return true
        case .count, .length: return digit(byte)
        case .countEnd:
            guard byte == UInt8(ascii: "\n"), number > 0, number <= Self.mostWords else { return false }
            wordsLeft = number
            isFirstWord = true
            name = 0
            phase = .mark
            return true
        case .mark:
            guard byte == UInt8(ascii: "$") else { return false }
            return beginNumber(.length)
        case .lengthEnd:
            guard byte == UInt8(ascii: "\n"), number <= Self.longestWord else { return false }
            phase = number == 0 ? .payloadReturn : .payload
            return true
        case .payloadReturn:
            phase = .payloadEnd
            return byte == UInt8(ascii: "\r")
        case .payloadEnd:
            guard byte == UInt8(ascii: "\n") else { return false }
            endWord(end)
            return true
        case .payload: preconditionFailure("payloads are passed over as a whole")
        }
    }

    private mutating func begin(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "*"): return beginNumber(.count)
        case UInt8(ascii: "#"):
            phase = .note
            return true
        default: return false
        }
    }

    private mutating func beginNumber(_ next: Phase) -> Bool {
        number = 0
        digits = 0
        phase = next
        return true
    }

    private mutating func digit(_ byte: UInt8) -> Bool {
        if byte == UInt8(ascii: "\r") {
            phase = phase == .count ? .countEnd : .lengthEnd
            return digits > 0
        }
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), digits < 10 else { return false }
        digits += 1
        number = number * 10 + Int(byte - UInt8(ascii: "0"))
        return true
    }

    private mutating func remember(_ bytes: UnsafeRawBufferPointer, _ index: Int, _ count: Int) {
        // A longer name is none of the two that matter, whatever its end is.
        guard count <= 8 else {
            name = .max
            return
        }
        for byte in bytes[index..<index + count] { name = name << 8 | UInt64(byte | 0x20) }
    }

    private static let multi: UInt64 = 0x6D_75_6C_74_69
    private static let exec: UInt64 = 0x65_78_65_63

    private mutating func endWord(_ end: Int) {
        isFirstWord = false
        wordsLeft -= 1
        guard wordsLeft == 0 else {
            phase = .mark
            return
        }
        phase = .command
        if name == Self.multi { isInTransaction = true }
        if name == Self.exec { isInTransaction = false }
        if !isInTransaction { whole(end) }
    }

    private mutating func whole(_ end: Int) {
        previousBoundary = boundary
        boundary = end
    }
}
