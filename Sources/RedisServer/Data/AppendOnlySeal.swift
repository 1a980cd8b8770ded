/// What the append-only files were when they were last looked at: how long, with which checksum, and how many events
/// they held. A start compares it with what is there, before Redis may read, cut or rewrite anything.
///
/// It lies beside the directory of Redis, so that it is still there when that is lost. Its last line is a checksum of
/// itself: a seal that is cut or changed is none.
package struct AppendOnlySeal: Hashable, Sendable {
    /// The first bytes of a file, and their CRC-32.
    struct Part: Hashable, Sendable {
        var length: Int
        var checksum: UInt32
    }

    struct File: Hashable, Sendable {
        var name: String
        /// All whole commands that were seen, or the whole snapshot.
        var whole: Part
        /// The same without the last command; nil of a snapshot.
        var shorter: Part?
    }

    /// How many events there were.
    package struct Counts: Hashable, Sendable {
        /// Neither running nor ended.
        package var waiting: Int
        package var running: Int
        package var dead: Int
        /// All that were ever accepted.
        package var accepted: Int
        /// Queues that clients made.
        package var queues: Int

        package init(waiting: Int, running: Int, dead: Int, accepted: Int, queues: Int) {
            self.waiting = waiting
            self.running = running
            self.dead = dead
            self.accepted = accepted
            self.queues = queues
        }

        /// Reads five numbers with blanks between them, as the function library gives them.
        package init?(_ text: some StringProtocol) {
            let numbers = text.split(separator: " ").map { Int($0) }
            guard numbers.count == 5, let waiting = numbers[0], let running = numbers[1], let dead = numbers[2],
                let accepted = numbers[3], let queues = numbers[4]
            else { return nil }
            self.init(waiting: waiting, running: running, dead: dead, accepted: accepted, queues: queues)
        }

        var text: String { "\(waiting) \(running) \(dead) \(accepted) \(queues)" }

        /// Events that have not ended.
        package var live: Int { waiting + running }
        package var isNothing: Bool { live == 0 && dead == 0 && accepted == 0 && queues == 0 }
    }

    var files: [File]
    /// Nil when Redis did not say.
    package var counts: Counts?
    /// Unix time in seconds of the counts.
    package var countedAtSeconds: Int

    init(files: [File] = [], counts: Counts? = nil, countedAtSeconds: Int = 0) {
        self.files = files
        self.counts = counts
        self.countedAtSeconds = countedAtSeconds
    }

    /// Whether nothing that somebody could miss was there.
    var isOfNothing: Bool { files.isEmpty || counts?.isNothing == true }

    subscript(_ name: String) -> File? { files.first { $0.name == name } }

    // MARK: Text

    private static let title = "glo-redis-seal 1"

    var text: String {
        var lines = [Self.title]
        if let counts { lines.append("events \(counts.text) \(countedAtSeconds)") }
        for file in files {
            var line = "file \(file.name) \(file.whole.text)"
            if let shorter = file.shorter { line += " \(shorter.text)" }
            lines.append(line)
        }
        let body = lines.joined(separator: "\n") + "\n"
        return body + "end \(Checksum(of: body).text)\n"
    }

    /// Nil when it is cut, changed, or of a version that this one does not know.
    init?(_ text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.popLast() == "", let end = lines.popLast(), lines.first == Substring(Self.title),
            end == "end \(Checksum(of: lines.joined(separator: "\n") + "\n").text)"
        else { return nil }
        self.init()
        for line in lines.dropFirst() {
            let words = line.split(separator: " ")
            switch words.first {
            case "events":
                guard words.count == 7, let counts = Counts(words[1...5].joined(separator: " ")),
                    let seconds = Int(words[6])
                else { return nil }
                self.counts = counts
                countedAtSeconds = seconds
            case "file":
                guard let file = File(words) else { return nil }
                files.append(file)
            default: return nil
            }
        }
    }
}

extension AppendOnlySeal.Part {
    fileprivate var text: String { "\(length) \(Checksum(value: checksum).text)" }

    fileprivate init?(_ length: Substring, _ checksum: Substring) {
        guard let length = Int(length), length >= 0, let checksum = UInt32(checksum, radix: 16) else { return nil }
        self.init(length: length, checksum: checksum)
    }
}

extension AppendOnlySeal.File {
    fileprivate init?(_ words: [Substring]) {
        guard words.count == 4 || words.count == 6, let whole = AppendOnlySeal.Part(words[2], words[3]) else {
            return nil
        }
        self.init(name: String(words[1]), whole: whole, shorter: nil)
        if words.count == 6 {
            guard let shorter = AppendOnlySeal.Part(words[4], words[5]) else { return nil }
            self.shorter = shorter
        }
    }
}
