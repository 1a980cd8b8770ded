import FunctionModel
import TextForms

/// Writes `ExportTraceServiceRequest` of OTLP 1 in its JSON form: ids in hexadecimal, times as texts of nanoseconds.
struct SpanWriter {
    private var bytes: [UInt8] = []
    private var isFirst = true

    /// OTLP's numbers of span kinds.
    private enum Kind: Int {
        case `internal` = 1
        case server = 2
        case producer = 4
        case consumer = 5
    }

    private struct Span {
        var name: String
        var kind: Kind
        var id: UInt64
        var parent: UInt64?
        /// Unix time in nanoseconds.
        var start: Int64
        var end: Int64
        /// Of the status; nil says nothing, as OTLP wants it of what went well.
        var error: String?
    }

    init(resource: TraceResource) {
        bytes.reserveCapacity(64 << 10)
        put("{\"resourceSpans\":[{\"resource\":{\"attributes\":[")
        let attributes = [
            ("service.name", TraceResource.service), ("service.version", resource.version),
            ("service.instance.id", resource.instance), ("host.name", resource.host),
        ]
        for (index, attribute) in attributes.enumerated() {
            putAttribute(attribute.0, text: attribute.1, isFirst: index == 0)
        }
        put("]},\"scopeSpans\":[{\"scope\":{\"name\":\"glo\"},\"spans\":[")
    }

    /// Adds the spans of one invocation: one for the whole of it, with one for its wait and one for the handler.
    mutating func append(_ trace: InvocationTrace, using random: inout some RandomNumberGenerator) {
        let start = trace.endedAt - max(0, trace.latencyNanoseconds)
        let assigned = min(trace.endedAt, start + max(0, trace.queueNanoseconds))
        let error = trace.outcome == .succeeded ? nil : trace.outcome.text
        let name = trace.function.rawValue
        if trace.kind == .acceptance {
            let span = Span(
                name: "\(name) accept", kind: .producer, id: trace.context.span, parent: trace.parent, start: start,
                end: trace.endedAt, error: nil)
            return put(span, trace)
        }
        let isEvent = trace.kind == .event
        let root = newID(&random)
        put(
            Span(
                name: name, kind: isEvent ? .consumer : .server, id: root,
                parent: isEvent ? trace.context.span : trace.parent, start: start, end: trace.endedAt, error: error),
            trace)
        put(
            Span(
                name: "\(name) wait", kind: .internal, id: newID(&random), parent: root, start: start, end: assigned,
                error: trace.version == 0 ? error : nil), trace)
        // Nothing ran when no worker had it.
        guard trace.version != 0 else { return }
        put(
            Span(
                name: "\(name) handler", kind: .internal, id: isEvent ? newID(&random) : trace.context.span,
                parent: root, start: assigned, end: trace.endedAt, error: error), trace)
    }

    mutating func finish() -> [UInt8] {
        put("]}]}]}")
        return bytes
    }

    private func newID(_ random: inout some RandomNumberGenerator) -> UInt64 { max(1, random.next()) }

    private mutating func put(_ span: Span, _ trace: InvocationTrace) {
        if !isFirst { put(",") }
        isFirst = false
        put("{\"traceId\":\"")
        Hexadecimal.append(word: trace.context.traceHigh, to: &bytes)
        Hexadecimal.append(word: trace.context.traceLow, to: &bytes)
        put("\",\"spanId\":\"")
        Hexadecimal.append(word: span.id, to: &bytes)
        if let parent = span.parent {
            put("\",\"parentSpanId\":\"")
            Hexadecimal.append(word: parent, to: &bytes)
        }
        put("\",\"name\":")
        JSONText.append(span.name, to: &bytes)
        put(",\"kind\":\(span.kind.rawValue),\"startTimeUnixNano\":\"\(span.start)\",")
        put("\"endTimeUnixNano\":\"\(span.end)\",\"attributes\":[")
        putAttribute("faas.name", text: trace.function.rawValue, isFirst: true)
        putAttribute("faas.invocation_id", text: trace.id.description)
        if trace.version != 0 { putAttribute("faas.version", text: String(trace.version)) }
        putAttribute("faas.coldstart", flag: trace.isCold)
        if trace.attempt > 1 { putAttribute("glo.attempt", number: trace.attempt) }
        if let error = span.error { putAttribute("error.type", text: error) }
        put("],\"status\":{")
        if let error = span.error {
            put("\"code\":2,\"message\":")
            JSONText.append(error, to: &bytes)
        }
        put("}}")
    }

    private mutating func putAttribute(_ key: String, text: String, isFirst: Bool = false) {
        putKey(key, isFirst)
        put("{\"stringValue\":")
        JSONText.append(text, to: &bytes)
        put("}}")
    }

    private mutating func putAttribute(_ key: String, flag: Bool) {
        putKey(key, false)
        put("{\"boolValue\":\(flag)}}")
    }

    private mutating func putAttribute(_ key: String, number: Int) {
        putKey(key, false)
        put("{\"intValue\":\"\(number)\"}}")
    }

    private mutating func putKey(_ key: String, _ isFirst: Bool) {
        put(isFirst ? "{\"key\":" : ",{\"key\":")
        JSONText.append(key, to: &bytes)
        put(",\"value\":")
    }

    private mutating func put(_ text: String) { bytes += text.utf8 }
}
