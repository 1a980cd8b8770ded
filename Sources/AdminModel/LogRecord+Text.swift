import TextForms

/// The readable form of a record, the same in log files and on terminals.
extension LogRecord {
    /// One line without a newline: time, function, version, and what happened. Control characters of the handler
    /// are shown escaped, so that no function can steer the reader's terminal.
    package func text(withFunction: Bool = true) -> String {
        var line = Timestamp.rfc3339(milliseconds: atMilliseconds)
        if withFunction && !function.isEmpty { line += " " + function }
        if let version { line += " v\(version)" }
        return line + " " + event
    }

    private var event: String {
        switch kind {
        case .line: "\(stream?.rawValue ?? "stdout") \(TerminalText.escaped(message ?? ""))"
        case .start: start
        case .end: end
        case .dropped: "\(dropped ?? 0) records dropped: \(message ?? "the log was too fast")"
        }
    }

    /// `START <id> [attempt <n>] [cold] [queued <ms> ms]`
    private var start: String {
        var text = "START \(invocation ?? "-")"
        if let attempt, attempt > 1 { text += " attempt \(attempt)" }
        if cold == true { text += " cold" }
        if let queueMilliseconds, queueMilliseconds >= 1 {
            text += " queued \(Self.milliseconds(queueMilliseconds)) ms"
        }
        return text
    }

    /// `END <id> <ms> ms [cold] [peak <MiB> MiB] <outcome>[: <what went wrong>]`
    private var end: String {
        var text = "END \(invocation ?? "-") \(Self.milliseconds(durationMilliseconds ?? 0)) ms"
        if let attempt, attempt > 1 { text += " attempt \(attempt)" }
        if cold == true { text += " cold" }
        if let peakMemoryBytes { text += " peak \(ByteCount.mebibytes(peakMemoryBytes)) MiB" }
        text += " " + (outcome ?? "ok")
        return message.map { text + ": " + TerminalText.escaped($0) } ?? text
    }

    /// Milliseconds with three digits after the point.
    package static func milliseconds(_ value: Double) -> String {
        let micros = Int64((max(0, min(value, 1e12)) * 1000).rounded())
        return "\(micros / 1000).\(Timestamp.padded(micros % 1000, 3))"
    }
}
