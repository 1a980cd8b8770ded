import FunctionModel
import HTTPCodec
import NIOCore

/// Writes an HTTP request as an event of Lambda's payload format 1.0, as REST APIs send it. One line, as
/// ``LambdaEventEncoder``'s; members without a value are null.
struct RESTEventEncoder {
    private let function: FunctionName

    init(function: FunctionName) { self.function = function }

    func encode(_ event: HTTPEvent, of invocation: Invocation, into json: inout ByteAssembler) {
        let fields = FieldIndex(event.head.fields)
        json.append(#"{"version":"1.0","resource":"#)
        json.appendJSONString(event.routePattern)
        json.append(#","path":"#)
        json.appendJSONString(event.head.path)
        json.append(#","httpMethod":"#)
        json.appendJSONString(event.head.method.name)
        event.head.fields.storage.withVeryUnsafeBytes { bytes in
            appendHeaders(bytes, fields, event, invocation, isList: false, &json)
            appendHeaders(bytes, fields, event, invocation, isList: true, &json)
            QueryEncoder.appendREST(event.head.query, to: &json)
            appendPathParameters(event, &json)
            json.append(#","stageVariables":null"#)
            appendContext(bytes, fields, event, invocation, &json)
            appendBody(bytes, fields, event, &json)
        }
        json.append("}")
    }

    // MARK: Fields

    /// Names as they came; of repeated ones `headers` has the last value and `multiValueHeaders` all.
    private func appendHeaders(
        _ bytes: UnsafeRawBufferPointer, _ fields: FieldIndex, _ event: HTTPEvent, _ invocation: Invocation,
        isList: Bool, _ json: inout ByteAssembler
    ) {
        json.append(isList ? #","multiValueHeaders":{"# : #","headers":{"#)
        var isFirst = true
        for index in fields.entries.indices where !fields.isRepetition(bytes, index) {
            appendName(bytes.name(of: fields.entries[index]), &isFirst, &json)
            if isList {
                json.append("[\"")
                json.appendJSONContentOfField(bytes.value(of: fields.entries[index]))
                fields.forEachRepetition(bytes, index) { entry in
                    json.append("\",\"")
                    json.appendJSONContentOfField(bytes.value(of: entry))
                }
                json.append("\"]")
            } else {
                var last = fields.entries[index]
                fields.forEachRepetition(bytes, index) { last = $0 }
                json.append("\"")
                json.appendJSONContentOfField(bytes.value(of: last))
                json.append("\"")
            }
        }
        if fields.contentLength == nil, event.body.readableBytes > 0 {
            appendValue("Content-Length", isList, &isFirst, &json) { $0.appendDecimal(event.body.readableBytes) }
        }
        if !fields.hasTraceID, let traceParent = invocation.traceParent, let trace = TraceID(traceParent: traceParent) {
            appendValue("X-Amzn-Trace-Id", isList, &isFirst, &json) { trace.append(to: &$0) }
        }
        // What an event's handler has to know to recognise it when it comes again.
        if let event = invocation.event {
            appendValue("Glo-Invocation-Id", isList, &isFirst, &json) { json in
                json.append(length: 36) { invocation.id.writeDescription(to: $0) }
            }
            appendValue("Glo-Attempt", isList, &isFirst, &json) { $0.appendDecimal(invocation.attempt) }
            appendValue("Glo-Event-Id", isList, &isFirst, &json) { json in
                var id = event.id
                id.withUTF8 { json.appendJSONContent(UnsafeRawBufferPointer($0)) }
            }
        }
        json.append("}")
    }

    private func appendName(_ name: UnsafeRawBufferPointer, _ isFirst: inout Bool, _ json: inout ByteAssembler) {
        json.append(isFirst ? "\"" : ",\"")
        isFirst = false
        json.appendJSONContent(name)
        json.append("\":")
    }

    private func appendValue(
        _ name: StaticString, _ isList: Bool, _ isFirst: inout Bool, _ json: inout ByteAssembler,
        _ value: (inout ByteAssembler) -> Void
    ) {
        appendName(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), &isFirst, &json)
        json.append(isList ? "[\"" : "\"")
        value(&json)
        json.append(isList ? "\"]" : "\"")
    }

    // MARK: The rest

    private func appendPathParameters(_ event: HTTPEvent, _ json: inout ByteAssembler) {
        guard !event.pathParameters.isEmpty else { return json.append(#","pathParameters":null"#) }
        json.append(#","pathParameters":{"#)
        for (index, parameter) in event.pathParameters.enumerated() {
            if index > 0 { json.append(",") }
            json.appendJSONString(parameter.name)
            json.append(":")
            json.appendJSONString(parameter.value)
        }
        json.append("}")
    }

    private func appendContext(
        _ bytes: UnsafeRawBufferPointer, _ fields: FieldIndex, _ event: HTTPEvent, _ invocation: Invocation,
        _ json: inout ByteAssembler
    ) {
        let host = fields.host.map { bytes.value(of: $0).withoutPort } ?? UnsafeRawBufferPointer(start: nil, count: 0)
        json.append(#","requestContext":{"accountId":"anonymous","apiId":""#)
        json.append(function.rawValue)
        // The gateway's own word about the sender, a JSON object already.
        json.append(#"","authorizer":"#)
        if let authorizer = fields.authorizer { json.append(bytes.value(of: authorizer)) } else { json.append("null") }
        json.append(#","domainName":""#)
        json.appendJSONContentOfField(host)
        json.append(#"","domainPrefix":""#)
        json.appendJSONContentOfField(host.upToDot)
        json.append(#"","extendedRequestId":""#)
        json.append(length: 36) { invocation.id.writeDescription(to: $0) }
        json.append(#"","httpMethod":"#)
        json.appendJSONString(event.head.method.name)
        json.append(
            #","identity":{"accessKey":null,"accountId":null,"caller":null,"cognitoAuthenticationProvider":null,"#)
        json.append(
            #""cognitoAuthenticationType":null,"cognitoIdentityId":null,"cognitoIdentityPoolId":null,"sourceIp":"#)
        json.appendJSONString(event.sourceAddress)
        json.append(#","user":null,"userAgent":""#)
        if let agent = fields.userAgent { json.appendJSONContentOfField(bytes.value(of: agent)) }
        json.append(#"","userArn":null},"path":"#)
        json.appendJSONString(event.head.path)
        json.append(event.head.minorVersion == 0 ? #","protocol":"HTTP/1.0","# : #","protocol":"HTTP/1.1","#)
        json.append(#""requestId":""#)
        json.append(length: 36) { invocation.id.writeDescription(to: $0) }
        json.append(#"","requestTime":""#)
        EventTime.append(milliseconds: event.receivedAtMilliseconds, to: &json)
        json.append(#"","requestTimeEpoch":"#)
        json.appendDecimal(event.receivedAtMilliseconds)
        json.append(#","resourceId":"#)
        json.appendJSONString(event.routePattern)
        json.append(#","resourcePath":"#)
        json.appendJSONString(event.routePattern)
        json.append(#","stage":"$default"}"#)
    }

    private func appendBody(
        _ bytes: UnsafeRawBufferPointer, _ fields: FieldIndex, _ event: HTTPEvent, _ json: inout ByteAssembler
    ) {
        guard event.body.readableBytes > 0 else {
            return json.append(#","body":null,"isBase64Encoded":false"#)
        }
        fields.appendBody(event.body, bytes, to: &json)
    }
}
