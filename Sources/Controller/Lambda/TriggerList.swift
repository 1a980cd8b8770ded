import FunctionCatalog
import FunctionModel

/// The list `triggers` of a manifest as it is written. It is the one place that knows the form of what this API puts
/// there.
struct TriggerList: Hashable, Sendable {
    var items: [ManifestValue]
    private let name: FunctionName

    /// Without `triggers` the list is what that means: the routes and the topic of the function's own name.
    init(_ manifest: ManifestEditor, _ name: FunctionName) {
        self.name = name
        items = manifest["triggers"]?.items ?? Self.defaults(name)
    }

    private static func defaults(_ name: FunctionName) -> [ManifestValue] {
        [
            .members([("http", .members([("path", .text("/\(name)"))]))]),
            .members([("http", .members([("path", .text("/\(name)/*"))]))]),
            .members([("topic", .members([("name", .text(name.rawValue))]))]),
        ]
    }

    func write(to manifest: inout ManifestEditor) {
        let isDefault = ManifestValue.list(items).hasMeaning(of: .list(Self.defaults(name)))
        manifest["triggers"] = isDefault ? nil : .list(items)
    }

    // MARK: Topics

    /// A subscription, whether it is written as a word or as a mapping.
    struct Topic: Hashable, Sendable {
        var name: String
        /// The keys, `name` among them; empty for a word.
        var settings: ManifestValue

        /// Whether it says nothing but the name.
        var isPlain: Bool { (settings.members ?? []).allSatisfy { $0.key == "name" } }
    }

    var topics: [Topic] { items.compactMap(Self.topic) }

    private static func topic(_ item: ManifestValue) -> Topic? {
        guard let topic = item["topic"] else { return nil }
        if let name = topic.string { return Topic(name: name, settings: .members([("name", .text(name))])) }
        return topic["name"]?.string.map { Topic(name: $0, settings: topic) }
    }

    mutating func set(_ topic: Topic) {
        let item = ManifestValue.members([("topic", topic.settings)])
        if let index = items.firstIndex(where: { Self.topic($0)?.name == topic.name }) {
            items[index] = item
        } else {
            items.append(item)
        }
    }

    mutating func removeTopic(_ name: String) { items.removeAll { Self.topic($0)?.name == name } }

    // MARK: Function URLs

    /// The two routes of a function URL: `/_url/KEY` and all that is below it.
    struct URL: Hashable, Sendable {
        /// The function's name, with an alias behind a colon.
        var key: String
        var alias: String?
        var isSigned: Bool
        /// The key `cors`.
        var cors: ManifestValue?
    }

    static func urlPath(_ key: String) -> String { "/_url/\(key)" }

    func url(_ key: String) -> URL? {
        let path = "\(Self.urlPath(key))/*"
        guard let http = items.lazy.compactMap({ $0["http"] }).first(where: { $0["path"]?.string == path }) else {
            return nil
        }
        return URL(
            key: key, alias: http["alias"]?.string, isSigned: http["auth"]?.string == "sigv4", cors: http["cors"])
    }

    mutating func set(_ url: URL) {
        removeURL(url.key)
        for path in [Self.urlPath(url.key), "\(Self.urlPath(url.key))/*"] {
            items.append(
                .members([
                    (
                        "http",
                        .members([
                            ("path", .text(path)), ("strip", .truth(true)),
                            ("alias", url.alias.map(ManifestValue.text)),
                            ("auth", url.isSigned ? .word("sigv4") : nil), ("cors", url.cors),
                        ])
                    )
                ]))
        }
    }

    mutating func removeURL(_ key: String) {
        let paths = [Self.urlPath(key), "\(Self.urlPath(key))/*"]
        items.removeAll { item in item["http"]?["path"]?.string.map(paths.contains) ?? false }
    }
}
