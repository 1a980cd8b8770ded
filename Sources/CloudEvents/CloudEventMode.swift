package import HTTPCodec

/// How an HTTP message carries events (HTTP protocol binding 1.0.2, 3).
package enum CloudEventMode: Hashable, Sendable {
    /// The attributes are header fields, the body is the event's data.
    case binary
    /// The body is one event as JSON.
    case structured
    /// The body is a JSON array of events.
    case batch

    /// Nil when the message carries no event. Throws 415 for formats other than JSON.
    package init?(_ fields: HTTPFields) throws(CloudEventError) {
        let type = fields.first("Content-Type").map(MediaType.init)
        if let type, type.name.hasPrefix("application/cloudevents") {
            switch type.name {
            case "application/cloudevents+json": self = .structured
            case "application/cloudevents-batch+json": self = .batch
            default:
                throw .unsupported("Events in the format '\(type.name.prefix(80))' are not read; JSON is.")
            }
            guard ["utf-8", "us-ascii", nil].contains(type.charset) else {
                throw .unsupported("Events as JSON are UTF-8, not '\(type.charset?.prefix(40) ?? "")'.")
            }
        } else if fields.contains("ce-specversion") || fields.contains("ce-id") || fields.contains("ce-source")
            || fields.contains("ce-type")
        {
            self = .binary
        } else {
            return nil
        }
    }
}
