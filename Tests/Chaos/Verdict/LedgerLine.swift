/// One line of the ledger, as `chaos_handler.c` writes it.
struct LedgerLine: Hashable, Sendable {
    enum Kind: UInt8, Sendable {
        case started = 0x53
        case completed = 0x45
        /// It failed because the event asked for it.
        case failed = 0x46
    }

    var kind: Kind
    /// The event's number.
    var number: Int
    var invocation: String
    var attempt: Int
    /// Unix time in nanoseconds.
    var at: Int64
    var pid: Int32

    /// Nil for a line that was torn.
    init?(_ line: some Collection<UInt8>) {
        let words = line.split(separator: 0x20)
        guard words.count == 6, words[0].count == 1, let kind = words[0].first.flatMap(Kind.init(rawValue:)),
            let number = Self.integer(words[1]), let attempt = Self.integer(words[3]),
            let at = Self.integer(words[4]), let pid = Self.integer(words[5])
        else { return nil }
        self.kind = kind
        self.number = number
        invocation = String(decoding: words[2], as: UTF8.self)
        self.attempt = attempt
        self.at = Int64(at)
        self.pid = Int32(truncatingIfNeeded: pid)
    }

    private static func integer(_ digits: some Collection<UInt8>) -> Int? {
        Int(String(decoding: digits, as: UTF8.self))
    }
}
