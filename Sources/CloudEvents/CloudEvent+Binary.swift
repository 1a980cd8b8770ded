package import HTTPCodec
package import NIOCore

extension CloudEvent {
    /// Reads an event whose attributes are header fields and whose data is the body.
    package init(binary fields: HTTPFields, body: ByteBuffer) throws(CloudEventError) {
        var attributes: [String: CloudEventValue] = [:]
        for (name, value) in fields.pairs {
            let name = name.lowercased()
            guard name.hasPrefix("ce-") else { continue }
            let attribute = String(name.dropFirst(3))
            guard attribute != "datacontenttype" else {
                throw .malformed("The data's media type is Content-Type, not ce-datacontenttype.")
            }
            guard attributes[attribute] == nil else {
                throw .malformed("The event has '\(AttributeRules.shown(name))' twice.")
            }
            attributes[attribute] = .string(try AttributeField.decode(value, of: name))
        }
        let type = fields.first("Content-Type").flatMap { $0.isEmpty ? nil : $0 }
        attributes["datacontenttype"] = type.map(CloudEventValue.string)
        let content = CloudEventContent(bytes: Array(body.readableBytesView), contentType: type)
        try self.init(attributes: attributes, content: content)
    }

    /// The header fields of the binary mode, `Content-Type` among them when the data has one. The body is the
    /// content's bytes.
    package func binaryFields() -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in attributes {
            fields.append(name: "ce-\(name)", value: AttributeField.encode(value.description))
        }
        if let dataContentType {
            fields.append(name: "content-type", value: dataContentType)
        } else if case .json = content {
            fields.append(name: "content-type", value: "application/json")
        }
        return fields
    }

    /// The body of the binary mode.
    package func binaryBody() -> ByteBuffer { ByteBuffer(bytes: content?.bytes ?? []) }
}
