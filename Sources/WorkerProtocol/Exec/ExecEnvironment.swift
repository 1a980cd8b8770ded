import FunctionModel
import HTTPCodec
import NIOCore

/// Writes the environment that a run of an `exec` handler gets besides its function's own: `GLO_*`, and for requests
/// the variables of CGI/1.1 (RFC 3875, 4.1). One block, each string ended by a NUL.
enum ExecEnvironment {
    static func write(_ invocation: Invocation, context: WorkerContext, into block: inout ByteAssembler) {
        add("GLO_INVOCATION_ID", invocation.id.description, &block)
        add("GLO_FUNCTION", invocation.function.rawValue, &block)
        add("GLO_VERSION", String(context.version), &block)
        add("GLO_ATTEMPT", String(invocation.attempt), &block)
        add("GLO_DEADLINE_MS", String(invocation.deadlineUnixMilliseconds), &block)
        if let event = invocation.event {
            add("GLO_EVENT_ID", event.id, &block)
            if let topic = event.topic { add("GLO_TOPIC", topic, &block) }
        }
        if let traceParent = invocation.traceParent { add("GLO_TRACEPARENT", traceParent, &block) }
        switch invocation.input {
        case .http(let event): write(event, into: &block)
        case .direct: break
        }
    }

    private static func write(_ event: HTTPEvent, into block: inout ByteAssembler) {
        add("GLO_ROUTE", event.routePattern, &block)
        for parameter in event.pathParameters {
            add("GLO_PARAM_\(variableName(parameter.name))", parameter.value, &block)
        }
        let place = ScriptPath(pattern: event.routePattern, path: event.head.path)
        add("GATEWAY_INTERFACE", "CGI/1.1", &block)
        add("SERVER_SOFTWARE", "glo", &block)
        add("SERVER_PROTOCOL", event.head.minorVersion == 0 ? "HTTP/1.0" : "HTTP/1.1", &block)
        add("REQUEST_METHOD", event.head.method.name, &block)
        add("SCRIPT_NAME", place.script, &block)
        add("PATH_INFO", place.info, &block)
        add("QUERY_STRING", event.head.query, &block)
        add("REMOTE_ADDR", event.sourceAddress, &block)
        if event.body.readableBytes > 0 { add("CONTENT_LENGTH", String(event.body.readableBytes), &block) }
        event.head.fields.storage.withVeryUnsafeBytes { bytes in
            writeFields(bytes, FieldIndex(event.head.fields), &block)
        }
    }

    private static func writeFields(
        _ bytes: UnsafeRawBufferPointer, _ fields: FieldIndex, _ block: inout ByteAssembler
    ) {
        let host = fields.host.map { bytes.value(of: $0) } ?? UnsafeRawBufferPointer(start: nil, count: 0)
        add("SERVER_NAME", host.isEmpty ? "localhost" : String(decoding: host.withoutPort, as: UTF8.self), &block)
        add("SERVER_PORT", host.port.map { String(decoding: $0, as: UTF8.self) } ?? "80", &block)
        if let type = fields.contentType {
            block.append("CONTENT_TYPE=")
            block.append(bytes.value(of: type))
            block.append(0)
        }
        for index in fields.entries.indices {
            let entry = fields.entries[index]
            let name = bytes.name(of: entry)
            guard isPassedOn(name), !hasEarlier(bytes, fields, index) else { continue }
            block.append("HTTP_")
            block.append(length: name.count) { target in
                for position in 0..<name.count { target[position] = variableByte(name[position]) }
            }
            block.append(UInt8(ascii: "="))
            block.append(bytes.value(of: entry))
            for later in fields.entries[(index + 1)...]
            where ASCII.equalIgnoringCase(bytes.name(of: later), name) {
                block.append(", ")
                block.append(bytes.value(of: later))
            }
            block.append(0)
        }
    }

    private static func hasEarlier(_ bytes: UnsafeRawBufferPointer, _ fields: FieldIndex, _ index: Int) -> Bool {
        guard fields.mayRepeat else { return false }
        let name = bytes.name(of: fields.entries[index])
        return fields.entries[..<index].contains { ASCII.equalIgnoringCase(bytes.name(of: $0), name) }
    }

    /// `Proxy` would become HTTP_PROXY, which HTTP clients take for their configuration ("httpoxy"). A name with `_` or
    /// another byte that becomes `_` could pass itself off as another field.
    private static func isPassedOn(_ name: UnsafeRawBufferPointer) -> Bool {
        if ASCII.equalIgnoringCase(name, "proxy") || ASCII.equalIgnoringCase(name, "content-type")
            || ASCII.equalIgnoringCase(name, "content-length")
        {
            return false
        }
        return name.allSatisfy { $0 == UInt8(ascii: "-") || $0 &- 48 < 10 || ($0 | 0x20) &- 97 < 26 }
    }

    private static func variableName(_ name: String) -> String {
        String(decoding: name.utf8.map { variableByte($0) }, as: UTF8.self)
    }

    private static func variableByte(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 97...122: byte - 32
        case 65...90, 48...57: byte
        default: UInt8(ascii: "_")
        }
    }

    /// A value with a NUL cannot stand in an environment; the variable is left out.
    private static func add(_ name: String, _ value: String, _ block: inout ByteAssembler) {
        guard !value.utf8.contains(0) else { return }
        block.append(name)
        block.append(UInt8(ascii: "="))
        block.append(value)
        block.append(0)
    }
}
