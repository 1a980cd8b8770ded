/// Redis' list of the files that together are its data (`appendonly.aof.manifest`, Redis 7 and later): one line a file,
/// `file NAME seq NUMBER type b|h|i`.
struct AppendOnlyManifest: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable {
        /// A snapshot, which the others build on.
        case base = "b"
        /// Replaced, and about to be removed.
        case history = "h"
        /// Commands, in the order of the numbers.
        case incremental = "i"
    }

    struct Entry: Hashable, Sendable {
        let name: String
        let sequence: Int
        let kind: Kind

        /// Whether the file is a list of commands; else it is a snapshot (RDB).
        var isLog: Bool { !name.hasSuffix(".rdb") }
    }

    static let fileName = "appendonly.aof.manifest"

    let entries: [Entry]

    /// What Redis reads at its start, in that order.
    var live: [Entry] {
        entries.filter { $0.kind == .base }
            + entries.filter { $0.kind == .incremental }.sorted { $0.sequence < $1.sequence }
    }

    var base: Entry? { entries.first { $0.kind == .base } }

    init(_ entries: [Entry]) { self.entries = entries }

    /// Nil when the text is no manifest; Redis takes an empty one for a broken one too.
    init?(_ text: String) {
        var entries: [Entry] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) where !line.hasPrefix("#") {
            guard let entry = Entry(line: line) else { return nil }
            entries.append(entry)
        }
        guard entries.contains(where: { $0.kind != .history }) else { return nil }
        self.entries = entries
    }

    var text: String {
        entries.map { "file \($0.name) seq \($0.sequence) type \($0.kind.rawValue)\n" }.joined()
    }
}

extension AppendOnlyManifest.Entry {
    /// Pairs of a word and a value; pairs that later versions of Redis add are passed over.
    fileprivate init?(line: Substring) {
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count.isMultiple(of: 2) else { return nil }
        var values: [Substring: Substring] = [:]
        for index in stride(from: 0, to: words.count, by: 2) { values[words[index]] = words[index + 1] }
        guard let name = values["file"], !name.contains("/"), !name.contains("\0"),
            let sequence = values["seq"].flatMap({ Int($0) }), sequence > 0,
            let kind = values["type"].flatMap({ AppendOnlyManifest.Kind(rawValue: String($0)) })
        else { return nil }
        self.init(name: String(name), sequence: sequence, kind: kind)
    }

    /// From a file's name alone, as Redis makes them: `appendonly.aof.3.incr.aof`, `appendonly.aof.2.base.rdb`.
    init?(fileName: String) {
        let parts = fileName.split(separator: ".")
        guard parts.count == 5, fileName.hasPrefix("appendonly.aof."), let sequence = Int(parts[2]), sequence > 0 else {
            return nil
        }
        switch (parts[3], parts[4]) {
        case ("base", "rdb"), ("base", "aof"): self.init(name: fileName, sequence: sequence, kind: .base)
        case ("incr", "aof"): self.init(name: fileName, sequence: sequence, kind: .incremental)
        default: return nil
        }
    }
}
