import FunctionModel
import HTTPCodec
import NIOCore

/// Writes an HTTP request as an event of Lambda's payload format 2.0, in the flavour of function URLs, straight into
/// bytes; where the route says so, of format 1.0. One line: no newline stands outside of strings.
struct LambdaEventEncoder {
    /// The function's name as JSON content; it stands for the id of a function URL.
    private let function: FunctionName

    init(function: FunctionName) { self.function = function }

    func encode(_ event: HTTPEvent, of invocation: Invocation, into json: inout ByteAssembler) {
        if event.format == .rest {
            return RESTEventEncoder(function: function).encode(event, of: invocation, into: &json)
        }
        let fields = FieldIndex(event.head.fields)
        json.append(#"{"version":"2.0","routeKey":"$default","rawPath":"#)
        json.appendJSONString(event.head.path)
        json.append(#","rawQueryString":"#)
        json.appendJSONString(event.head.query)
        event.head.fields.storage.withVeryUnsafeBytes { bytes in
            appendCookies(bytes, fields, &json)
            appendHeaders(bytes, fields, event, invocation, &json)
            if !event.head.query.isEmpty { QueryEncoder.append(event.head.query, to: &json) }
            appendContext(bytes, fields, event, invocation, &json)
            appendPathParameters(event, &json)
            appendBody(bytes, fields, event, &json)
        }
        json.append("}")
    }

    /// Every Cookie header split at its semicolons; the header itself stays among the headers, as function URLs have it.
    private func appendCookies(
        _ bytes: UnsafeRawBufferPointer, _ fields: FieldIndex, _ json: inout ByteAssembler
    ) {
        guard fields.hasCookie else { return }
        var isFirst = true
        for entry in fields.entries where ASCII.equalIgnoringCase(bytes.name(of: entry), "cookie") {
            let value = bytes.value(of: entry)
            var start = 0
            while start < value.count {
                var end = start
                while end < value.count, value[end] != UInt8(ascii: ";") { end += 1 }
                let cookie = value.trimmed(start, end)
                if !cookie.isEmpty {
                    json.append(isFirst ? #","cookies":[""# : #",""#)
                    json.appendJSONContentOfField(cookie)
                    json.append(UInt8(ascii: "\""))
                    isFirst = false
                }
                start = end + 1
            }
        }
        if !isFirst { json.append("]") }
    }

    /// Names in small letters, repeated ones joined by a comma. A length that the body has but the request did not say
    /// (it came in chunks) is added, and the trace id in the form that Lambda's clients know.
    private func appendHeaders(
        _ bytes: UnsafeRawBufferPointer, _ fields: FieldIndex, _ event: HTTPEvent, _ invocation: Invocation,
        _ json: inout ByteAssembler
    ) {
        json.append(#","headers":{"#)
        var isFirst = true
        for index in fields.entries.indices where !fields.isRepetition(bytes, index) {
            let entry = fields.entries[index]
            let name = bytes.name(of: entry)
            json.append(isFirst ? "\"" : ",\"")
            isFirst = false
            json.append(length: name.count) { target in
                for position in 0..<name.count { target[position] = ASCII.lower(name[position]) }
            }
            json.append("\":\"")
            json.appendJSONContentOfField(bytes.value(of: entry))
            fields.forEachRepetition(bytes, index) { entry in
                json.append(UInt8(ascii: ","))
                json.appendJSONContentOfField(bytes.value(of: entry))
            }
            json.append(UInt8(ascii: "\""))
        }
        if fields.contentLength == nil, event.body.readableBytes > 0 {
            json.append(isFirst ? #""content-length":""# : #","content-length":""#)
            json.appendDecimal(event.body.readableBytes)
            json.append(UInt8(ascii: "\""))
            isFirst = false
        }
        if !fields.hasTraceID, let traceParent = invocation.traceParent, let trace = TraceID(traceParent: traceParent) {
            json.append(isFirst ? #""x-amzn-trace-id":""# : #","x-amzn-trace-id":""#)
            trace.append(to: &json)
            json.append(UInt8(ascii: "\""))
            isFirst = false
        }
        if let event = invocation.event { appendIdentity(event, invocation, isFirst: isFirst, &json) }
        json.append("}")
    }

    /// What an event's handler has to know to recognise it when it comes again.
    private func appendIdentity(
        _ event: EventContext, _ invocation: Invocation, isFirst: Bool, _ json: inout ByteAssembler
    ) {
        json.append(isFirst ? #""glo-invocation-id":""# : #","glo-invocation-id":""#)
        json.append(length: 36) { invocation.id.writeDescription(to: $0) }
        json.append(#"","glo-attempt":""#)
        json.appendDecimal(invocation.attempt)
        json.append(#"","glo-event-id":"#)
        json.appendJSONString(event.id)
    }

    private func appendContext(
        _ bytes: UnsafeRawBufferPointer, _ fields: FieldIndex, _ event: HTTPEvent, _ invocation: Invocation,
        _ json: inout ByteAssembler
    ) {
        let host = fields.host.map { bytes.value(of: $0).withoutPort } ?? UnsafeRawBufferPointer(start: nil, count: 0)
        json.append(#","requestContext":{"accountId":"anonymous","#)
        // The gateway's own word about the sender, a JSON object already.
        if let authorizer = fields.authorizer {
            json.append(#""authorizer":"#)
            json.append(bytes.value(of: authorizer))
            json.append(",")
        }
        json.append(#""apiId":""#)
        json.append(function.rawValue)
        json.append(#"","domainName":""#)
        json.appendJSONContentOfField(host)
        json.append(#"","domainPrefix":""#)
        json.appendJSONContentOfField(host.upToDot)
        json.append(#"","http":{"method":"#)
        json.appendJSONString(event.head.method.name)
        json.append(#","path":"#)
        json.appendJSONString(event.head.path)
        json.append(event.head.minorVersion == 0 ? #","protocol":"HTTP/1.0","# : #","protocol":"HTTP/1.1","#)
        json.append(#""sourceIp":"#)
        json.appendJSONString(event.sourceAddress)
        json.append(#","userAgent":""#)
        if let agent = fields.userAgent { json.appendJSONContentOfField(bytes.value(of: agent)) }
        json.append(#""},"requestId":""#)
        json.append(length: 36) { invocation.id.writeDescription(to: $0) }
        json.append(#"","routeKey":"$default","stage":"$default","time":""#)
        EventTime.append(milliseconds: event.receivedAtMilliseconds, to: &json)
        json.append(#"","timeEpoch":"#)
        json.appendDecimal(event.receivedAtMilliseconds)
        json.append("}")
    }

    /// Not in the events of function URLs, which have no patterns; here a pattern's values must arrive somewhere.
    private func appendPathParameters(_ event: HTTPEvent, _ json: inout ByteAssembler) {
        guard !event.pathParameters.isEmpty else { return }
        json.append(#","pathParameters":{"#)
        for (index, parameter) in event.pathParameters.enumerated() {
            if index > 0 { json.append(",") }
            json.appendJSONString(parameter.name)
            json.append(":")
            json.appendJSONString(parameter.value)
        }
        json.append("}")
    }

    /// Text stays text if its type says so, it is not compressed and it is UTF-8; all else becomes Base64.
    private func appendBody(
        _ bytes: UnsafeRawBufferPointer, _ fields: FieldIndex, _ event: HTTPEvent, _ json: inout ByteAssembler
    ) {
        guard event.body.readableBytes > 0 else {
            json.append(#","isBase64Encoded":false"#)
            return
        }
        fields.appendBody(event.body, bytes, to: &json)
    }
}
