import JSONCodec

/// Reads the parameters of one call, or of one entry of a batch. Numbers may be texts, as the query protocol has them.
struct QueueParameters {
    let object: JSONObject

    init(_ object: JSONObject) { self.object = object }

    func text(_ name: String) throws(QueueError) -> String? {
        switch object[name] {
        case nil, .null?: return nil
        case .string(let text)?: return text
        default: throw .invalid(name, "must be a text")
        }
    }

    func required(_ name: String) throws(QueueError) -> String {
        guard let text = try text(name), !text.isEmpty else { throw .missing(name) }
        return text
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws(QueueError) -> Int? {
        let number: Int?
        switch object[name] {
        case nil, .null?: return nil
        case .number(let value)?: number = value.integer
        case .string(let text)?: number = Int(text)
        default: number = nil
        }
        guard let number, range.contains(number) else {
            throw .invalid(name, "must be between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }

    func texts(_ name: String) throws(QueueError) -> [String] {
        switch object[name] {
        case nil, .null?: return []
        case .array(let items)?: return items.compactMap(\.string)
        default: throw .invalid(name, "must be a list")
        }
    }

    /// A mapping of names to texts; nil when there is none.
    func map(_ name: String) throws(QueueError) -> [(name: String, value: String)]? {
        switch object[name] {
        case nil, .null?: return nil
        case .object(let map)?:
            var pairs: [(name: String, value: String)] = []
            for (key, value) in map.members {
                guard let text = value.string else { throw .invalid(name, "the value of \(key.prefix(40)) is no text") }
                pairs.append((key, text))
            }
            return pairs
        default: throw .invalid(name, "must be a mapping")
        }
    }

    /// Attributes of a message, at most 10 (SQS).
    func attributes(_ name: String) throws(QueueError) -> [MessageAttribute] {
        guard let map = object[name], map != .null else { return [] }
        guard let members = map.object?.members, members.count <= 10 else {
            throw .invalid(name, "must be a mapping of at most 10 attributes")
        }
        var attributes: [MessageAttribute] = []
        for (key, value) in members {
            guard Self.isAttributeName(key) else { throw .invalid(name, "the name '\(key.prefix(40))' is not allowed") }
            guard let attribute = value.object.flatMap({ MessageAttribute(name: key, $0) }),
                ["String", "Number", "Binary"].contains(attribute.type.prefix { $0 != "." })
            else { throw .invalid(name, "'\(key)' has no DataType String, Number or Binary with a value of it") }
            if attribute.type.hasPrefix("Number"), case .string(let text) = attribute.value, Double(text) == nil {
                throw .invalid(name, "'\(key)' is no number")
            }
            guard !attribute.isEmpty else {
                throw .invalid(name, "'\(key)' must contain a non-empty value of type '\(attribute.type)'")
            }
            attributes.append(attribute)
        }
        return attributes
    }

    private static func isAttributeName(_ name: String) -> Bool {
        let small = name.lowercased()
        guard !small.hasPrefix("aws."), !small.hasPrefix("amazon.") else { return false }
        return (1...256).contains(name.utf8.count) && !name.hasPrefix(".") && !name.hasSuffix(".")
            && !name.contains("..")
            && name.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || "_-.".utf8.contains(byte)
            }
    }

    /// The queue's name out of its URL, of which nothing else counts: clients call the endpoint that they know.
    func queueName() throws(QueueError) -> String {
        let url = try required("QueueUrl")
        return try Self.checked(String(url.split(separator: "/").last ?? ""))
    }

    /// A name that no queue can have is one that does not exist.
    static func checked(_ name: String) throws(QueueError) -> String {
        guard QueueName.isValid(name) else { throw .noQueue }
        return name
    }
}
