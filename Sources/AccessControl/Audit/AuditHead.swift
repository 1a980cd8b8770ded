import Glibc
import StateFiles

/// `<state>/audit.jsonl.head`: the number and the hash of the last record, so that the loss of the log's end, or of all of
/// it, is noticed. It is written behind each record and not synced: after a power cut it may be behind, never ahead.
struct AuditHead {
    struct End: Hashable {
        var number: Int
        var hash: String
    }

    let path: String

    /// Nil when there is none that can be believed.
    func read() -> End? {
        guard let bytes = (try? StateFile.read(path, limit: 1024)) ?? nil else { return nil }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count == 3, let number = Int(words[0]), words[2] == Self.check(number, words[1]) else { return nil }
        return End(number: number, hash: words[1])
    }

    /// What cannot be written only weakens a later check.
    func write(_ end: End) {
        let text = Array("\(end.number) \(end.hash) \(Self.check(end.number, end.hash))\n".utf8)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard StateOwner.adopt(descriptor, at: path), fchmod(descriptor, 0o600) == 0 else { return }
        if pwrite(descriptor, text, text.count, 0) == text.count { ftruncate(descriptor, off_t(text.count)) }
    }

    private static func check(_ number: Int, _ hash: String) -> String {
        String(Seal.digest(Array("audit \(number) \(hash)".utf8)).prefix(16))
    }
}
