import EventStore
import FunctionModel
import Gateway
import NIOCore
import TextForms

/// An event as JSON for whoever has its id: how it stands and what the handler answered.
enum EventDocument {
    static func encode(_ detail: EventDetail, result: ByteBuffer?) -> ByteBuffer {
        let brief = detail.brief
        var json = ByteBufferAllocator().buffer(capacity: 512 + (result?.readableBytes ?? 0) * 4 / 3)
        json.writeString(
            "{\"id\":\"\(brief.id)\",\"function\":\"\(brief.queue)\",\"state\":\"\(brief.state.rawValue)\"")
        json.writeString(
            ",\"attempts\":\(brief.attempts),\"maxAttempts\":\(brief.maxAttempts),\"crashes\":\(brief.crashes)")
        member("acceptedAt", brief.acceptedAtMilliseconds, &json)
        member("startedAt", brief.startedAtMilliseconds, &json)
        member("endedAt", brief.endedAtMilliseconds, &json)
        if brief.state == .delayed { member("dueAt", brief.notBeforeMilliseconds, &json) }
        member("topic", brief.topic, &json)
        if brief.event != brief.id.description { member("event", brief.event, &json) }
        if let error = brief.lastError { write(error: error, &json) }
        if brief.state == .succeeded { write(result: result, head: detail.resultHead, &json) }
        json.writeStaticString("}\n")
        return json
    }

    private static func member(_ name: StaticString, _ milliseconds: Int?, _ json: inout ByteBuffer) {
        guard let milliseconds else { return }
        json.writeString(",\"\(name)\":\"\(Timestamp.rfc3339(milliseconds: Int64(milliseconds)))\"")
    }

    private static func member(_ name: StaticString, _ text: String?, _ json: inout ByteBuffer) {
        guard let text else { return }
        json.writeString(",\"\(name)\":")
        JSONText.writeString(text, into: &json)
    }

    /// Code and sentence; what the handler posted about its error is for the function's owner.
    private static func write(error text: String, _ json: inout ByteBuffer) {
        guard let failure = FailureText.decode(text) else { return }
        json.writeStaticString(",\"error\":{\"code\":")
        JSONText.writeString(failure.code, into: &json)
        if let detail = failure.detail {
            json.writeStaticString(",\"detail\":")
            JSONText.writeString(detail, into: &json)
        }
        json.writeStaticString("}")
    }

    private static func write(result: ByteBuffer?, head: ByteBuffer?, _ json: inout ByteBuffer) {
        json.writeStaticString(",\"result\":{")
        var separator = ""
        if let head = head.flatMap(ResultHead.decode) {
            json.writeString("\"status\":\(head.status),\"headers\":[")
            for (index, field) in head.headers.enumerated() where field.count == 2 {
                json.writeStaticString(index > 0 ? ",[" : "[")
                JSONText.writeString(field[0], into: &json)
                json.writeStaticString(",")
                JSONText.writeString(field[1], into: &json)
                json.writeStaticString("]")
            }
            json.writeStaticString("]")
            separator = ","
        }
        if let result {
            json.writeString(separator)
            if result.withUnsafeReadableBytes({ UTF8Text.isValid($0) }) {
                json.writeStaticString("\"body\":")
                JSONText.writeString(String(buffer: result), into: &json)
            } else {
                json.writeString("\"bodyBase64\":\"\(Base64.encode(Array(result.readableBytesView)))\"")
            }
        }
        json.writeStaticString("}")
    }
}
