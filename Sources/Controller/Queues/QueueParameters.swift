import JSONCodec

/// Reads the parameters of one call, or of one entry of a batch. Numbers may be texts, as the query protocol has them.
struct QueueParameters {
    let object: JSONObject

    init(_ object: JSONObject) { self.object = object }

    func text(_ name: String) throws(QueueError) -> String? {
        switch object[name] {
        case nil, .null?: return nil
        case .string(let text)?: return text
        default: throw .invalid("\(name) is not a text.")
        }
    }

    func required(_ name: String) throws(QueueError) -> String {
        guard let text = try text(name), !text.isEmpty else { throw .missing(name) }
        return text
    }

    /// - Parameter reason: what SQS says of a number that lies outside; nil names the bounds.
    func number(
        _ name: String, in range: ClosedRange<Int>, or reason: String? = nil
    ) throws(QueueError) -> Int? {
        let number: Int?
        let text: String
        switch object[name] {
        case nil, .null?: return nil
        case .number(let value)?: (number, text) = (value.integer, value.digits)
        case .string(let digits)?: (number, text) = (Int(digits), digits)
        default: (number, text) = (nil, "")
        }
        guard let number, range.contains(number) else {
            throw .value(
                text, of: name, reason ?? "Must be between \(range.lowerBound) and \(range.upperBound), if provided.")
        }
        return number
    }

    func texts(_ name: String) throws(QueueError) -> [String] {
        switch object[name] {
        case nil, .null?: return []
        case .array(let items)?: return items.compactMap(\.string)
        // The empty list of the older protocol.
        case .string("")?: return []
        default: throw .invalid("\(name) is not a list.")
        }
    }

    /// A mapping of names to texts; nil when there is none.
    func map(_ name: String) throws(QueueError) -> [(name: String, value: String)]? {
        switch object[name] {
        case nil, .null?: return nil
        case .object(let map)?:
            var pairs: [(name: String, value: String)] = []
            for (key, value) in map.members {
                guard let text = value.string else {
                    throw .invalid("\(name): the value of \(key.prefix(40)) is not a text.")
                }
                for part in [key, text] {
                    if let flaw = XMLText.flaw(in: part, of: name) { throw .invalid(flaw) }
                }
                pairs.append((key, text))
            }
            return pairs
        default: throw .invalid("\(name) is not a mapping.")
        }
    }

    /// Attributes of a message, at most 10 (SQS).
    func attributes(_ name: String) throws(QueueError) -> [MessageAttribute] {
        guard let map = object[name], map != .null else { return [] }
        guard let members = map.object?.members, members.count <= 10 else {
            throw .invalid(
                "Number of message attributes [\(map.object?.members.count ?? 0)] exceeds the allowed maximum [10].")
        }
        var attributes: [MessageAttribute] = []
        for (key, value) in members { attributes.append(try Self.attribute(key, value)) }
        return attributes
    }

    private static func attribute(_ name: String, _ value: JSONValue) throws(QueueError) -> MessageAttribute {
        guard isAttributeName(name) else {
            throw .invalid(
                "The message attribute name '\(name.prefix(256))' is invalid. Attribute name can contain A-Z, a-z, 0-9, "
                    + "underscore (_), hyphen (-), and period (.) characters.")
        }
        let object = value.object ?? JSONObject()
        let type = object["DataType"]?.string ?? ""
        guard !type.isEmpty else {
            throw .invalid("The message attribute '\(name)' must contain a non-empty message attribute type.")
        }
        guard ["String", "Number", "Binary"].contains(type.prefix { $0 != "." }) else {
            throw .invalid(
                "The message attribute '\(name)' has an invalid message attribute type, the set of supported type "
                    + "prefixes is Binary, Number, and String.")
        }
        guard type.utf8.count <= 256 else {
            throw .invalid("Message (user) attribute types must be shorter than 256 Bytes")
        }
        guard let attribute = MessageAttribute(name: name, object), !attribute.isEmpty else {
            throw .invalid(
                "Message (user) attribute '\(name)' must contain a non-empty value of type '\(type.prefix { $0 != "." })'."
            )
        }
        if type.hasPrefix("Number"), case .string(let text) = attribute.value, Double(text) == nil {
            throw .invalid("Can't cast the value of message (user) attribute '\(name)' to a number.")
        }
        if case .string(let text) = attribute.value,
            let flaw = XMLText.flaw(in: text, of: "message attribute '\(name)'")
        {
            throw .invalid(flaw)
        }
        if let flaw = XMLText.flaw(in: type, of: "type of the message attribute '\(name)'") { throw .invalid(flaw) }
        return attribute
    }

    /// Letters and digits of any script, as SQS takes them, though its pages name those of ASCII only.
    private static func isAttributeName(_ name: String) -> Bool {
        let small = name.lowercased()
        guard !small.hasPrefix("aws."), !small.hasPrefix("amazon.") else { return false }
        return (1...256).contains(name.utf8.count) && !name.hasPrefix(".") && !name.hasSuffix(".")
            && !name.contains("..")
            && name.unicodeScalars.allSatisfy { scalar in
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || "_-.".unicodeScalars.contains(scalar)
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
