package import AdminModel

/// How serious a record is, as far as it says so itself.
extension LogLevel {
    /// A failed invocation is an error, a gap a warning. A line is what it says: a member `level` or `severity` of a
    /// JSON object, `<3>` as systemd has it, or one of its first words, such as `[WARN]`. One that says nothing is a
    /// warning on stderr and information on stdout.
    package init(of record: LogRecord) {
        switch record.kind {
        case .start: self = .info
        case .end: self = record.outcome == InvocationOutcome.succeeded.text ? .info : .error
        case .dropped: self = .warn
        case .line:
            self = Self(line: record.message ?? "") ?? (record.stream == .stderr ? .warn : .info)
        }
    }

    /// Nil when the line does not say.
    init?(line: String) {
        let start = line.utf8.prefix(1024)
        if start.first == UInt8(ascii: "{") {
            self.init(json: Substring(start))
        } else if let digit = Self.priority(start) {
            self = digit <= 3 ? .error : digit == 4 ? .warn : digit < 7 ? .info : .debug
        } else {
            self.init(firstWordsOf: Substring(start))
        }
    }

    /// `<0>` to `<7>`, sd-daemon(3).
    private static func priority(_ bytes: Substring.UTF8View) -> Int? {
        let head = Array(bytes.prefix(3))
        guard head.count == 3, head[0] == UInt8(ascii: "<"), head[2] == UInt8(ascii: ">"), (48...55).contains(head[1])
        else { return nil }
        return Int(head[1]) - 48
    }

    private init?(firstWordsOf text: Substring) {
        let words = text.split(maxSplits: 8) { !$0.isLetter }.prefix(8)
        for word in words.prefix(6) where word.allSatisfy({ $0.isUppercase }) || word == words.first {
            if let level = Self(word: word) {
                self = level
                return
            }
        }
        return nil
    }

    /// Looks for the member without reading the whole document: a line may be cut.
    private init?(json text: Substring) {
        for name in ["\"level\"", "\"severity\"", "\"lvl\"", "\"levelname\""] {
            guard let place = text.firstRange(of: name) else { continue }
            let rest = text[place.upperBound...].drop { $0 == " " || $0 == ":" }
            if rest.first == "\"" {
                let word = rest.dropFirst().prefix { $0 != "\"" }
                if let level = Self(word: word) {
                    self = level
                    return
                }
            } else if let number = Int(rest.prefix { $0.isNumber }) {
                // Bunyan's and pino's numbers.
                self = number >= 50 ? .error : number >= 40 ? .warn : number >= 30 ? .info : .debug
                return
            }
        }
        return nil
    }
}

extension Substring {
    /// The first place of a text.
    fileprivate func firstRange(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            formIndex(after: &start)
        }
        return nil
    }
}
