/// All that `glo invocation ID` shows. In JSON the summary's members lie beside the others.
package struct EventInfo: Hashable, Sendable {
    package var summary: EventSummary
    /// What the handler answered, while it is kept.
    package var result: EventResult?
    /// The last lines that the handler logged while it ran the event.
    package var logLines: [String]
    /// The event itself, when it was asked for, is still kept and is UTF-8.
    package var payload: String?
    /// The same bytes in base64 (RFC 4648) when they are not UTF-8.
    package var payloadBase64: String?
    /// The media type of the payload.
    package var contentType: String?

    package init(
        _ summary: EventSummary, result: EventResult? = nil, logLines: [String] = [], contentType: String? = nil
    ) {
        self.summary = summary
        self.result = result
        self.logLines = logLines
        self.contentType = contentType
    }

    /// Puts the payload's bytes into the member that can hold them.
    package mutating func setPayload(_ bytes: [UInt8]) {
        (payload, payloadBase64) = TextOrBase64.members(bytes)
    }

    /// Whether the document holds the payload.
    package var hasPayload: Bool { payload != nil || payloadBase64 != nil }

    /// The payload, exactly as it was accepted; nil when the document's base64 is broken.
    package var payloadBytes: [UInt8]? { TextOrBase64.bytes(payload, payloadBase64) }
}

extension EventInfo: Codable {
    private enum CodingKeys: String, CodingKey {
        case result, logLines, payload, payloadBase64, contentType
    }

    package init(from decoder: any Decoder) throws {
        summary = try EventSummary(from: decoder)
        let members = try decoder.container(keyedBy: CodingKeys.self)
        result = try members.decodeIfPresent(EventResult.self, forKey: .result)
        logLines = try members.decode([String].self, forKey: .logLines)
        payload = try members.decodeIfPresent(String.self, forKey: .payload)
        payloadBase64 = try members.decodeIfPresent(String.self, forKey: .payloadBase64)
        contentType = try members.decodeIfPresent(String.self, forKey: .contentType)
    }

    package func encode(to encoder: any Encoder) throws {
        try summary.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encodeIfPresent(result, forKey: .result)
        try members.encode(logLines, forKey: .logLines)
        try members.encodeIfPresent(payload, forKey: .payload)
        try members.encodeIfPresent(payloadBase64, forKey: .payloadBase64)
        try members.encodeIfPresent(contentType, forKey: .contentType)
    }
}
