import Crypto
import TextForms

/// An event as CloudEvents 1.0.2 describes it. Every value of the type is valid.
package struct CloudEvent: Hashable, Sendable {
    package let id: String
    /// A URI reference.
    package let source: String
    package let type: String
    /// A media type; nil means JSON wherever the event is JSON itself.
    package let dataContentType: String?
    /// A URI.
    package let dataSchema: String?
    package let subject: String?
    /// RFC 3339.
    package let time: String?
    package let extensions: [String: CloudEventValue]
    package let content: CloudEventContent?

    /// Throws when a text cannot be what it is to be.
    package init(
        id: String, source: String, type: String, dataContentType: String? = nil, dataSchema: String? = nil,
        subject: String? = nil, time: String? = nil, extensions: [String: CloudEventValue] = [:],
        content: CloudEventContent? = nil
    ) throws(CloudEventError) {
        var attributes = extensions
        attributes["specversion"] = .string("1.0")
        attributes["id"] = .string(id)
        attributes["source"] = .string(source)
        attributes["type"] = .string(type)
        attributes["datacontenttype"] = dataContentType.map(CloudEventValue.string)
        attributes["dataschema"] = dataSchema.map(CloudEventValue.string)
        attributes["subject"] = subject.map(CloudEventValue.string)
        attributes["time"] = time.map(CloudEventValue.string)
        try self.init(attributes: attributes, content: content)
    }

    /// From attributes as they were received, `specversion` among them.
    init(attributes: [String: CloudEventValue], content: CloudEventContent?) throws(CloudEventError) {
        var rest = AttributeReader(attributes)
        guard try rest.takeRequired("specversion") == "1.0" else {
            throw .malformed("The event's 'specversion' is not 1.0.")
        }
        id = try rest.takeRequired("id")
        source = try rest.takeRequired("source")
        type = try rest.takeRequired("type")
        dataContentType = try rest.take("datacontenttype")
        dataSchema = try rest.take("dataschema")
        subject = try rest.take("subject")
        time = try rest.take("time")
        extensions = try rest.takeExtensions()
        self.content = content
        guard AttributeRules.isURIReference(source) else {
            throw .malformed("The event's 'source' is no URI reference.")
        }
        if let dataSchema, !AttributeRules.isURIReference(dataSchema) {
            throw .malformed("The event's 'dataschema' is no URI.")
        }
        if let dataContentType, !AttributeRules.isMediaType(dataContentType) {
            throw .malformed("The event's 'datacontenttype' is no media type.")
        }
        if let time, !AttributeRules.isTimestamp(time) {
            throw .malformed("The event's 'time' is no time such as 2026-01-31T12:00:00Z.")
        }
    }

    /// The attributes but `datacontenttype`, in a steady order: those of the specification first.
    var attributes: [(name: String, value: CloudEventValue)] {
        var list: [(name: String, value: CloudEventValue)] = [
            ("specversion", .string("1.0")), ("id", .string(id)), ("source", .string(source)), ("type", .string(type)),
        ]
        for (name, text) in [("dataschema", dataSchema), ("subject", subject), ("time", time)] {
            if let text { list.append((name, .string(text))) }
        }
        for name in extensions.keys.sorted() {
            if let value = extensions[name] { list.append((name, value)) }
        }
        return list
    }

    /// Two events of one source and id are the same one. At most 256 bytes, without control characters.
    package var deduplicationKey: String {
        let plain = "\(source) \(id)"
        if plain.utf8.count <= 250 { return "ce:" + plain }
        let digest = SHA256.hash(data: Array(plain.utf8))
        return "ce:sha256:" + Hexadecimal.text(digest)
    }
}
