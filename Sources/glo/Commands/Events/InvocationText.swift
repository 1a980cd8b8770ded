import AdminModel
import TextForms

/// The readable form of an event.
enum InvocationText {
    static func text(_ info: EventInfo, withPayload: Bool) -> String {
        var text = fields(info).text
        if let result = info.result {
            text += "\nResult:\n" + (result.bodyBytes.map(BodyText.text) ?? "(cannot be read)\n")
        }
        if !info.logLines.isEmpty {
            text += "\nLog:\n" + info.logLines.map { TerminalText.escaped($0) + "\n" }.joined()
        }
        if withPayload {
            let gone = "(not kept; set async.keepPayload to keep it when the event has succeeded)\n"
            text += "\nPayload:\n"
            text += info.hasPayload ? info.payloadBytes.map(BodyText.text) ?? "(cannot be read)\n" : gone
        }
        return text
    }

    private static func fields(_ info: EventInfo) -> FieldList {
        let event = info.summary
        var fields = FieldList()
        fields.add("Invocation", event.id)
        fields.add("Function", event.function + (event.version.map { ", version \($0)" } ?? ""))
        fields.add("State", event.state.rawValue)
        fields.add("Error", event.error.map { "\($0.detail) (\($0.code))" })
        fields.add("Accepted", moment(event.acceptedAtMilliseconds))
        fields.add("Due", event.state == .delayed ? event.dueAtMilliseconds.map(moment) : nil)
        fields.add("Started", event.startedAtMilliseconds.map(moment))
        fields.add("Ended", event.endedAtMilliseconds.map(moment))
        fields.add("Attempts", "\(event.attempts) of \(event.maxAttempts)")
        fields.add("Crashes", event.crashes > 0 ? String(event.crashes) : nil)
        fields.add("Source", event.source)
        fields.add("Topic", event.topic)
        fields.add("Event", event.event == event.id ? nil : event.event)
        fields.add("Schedule", event.schedule)
        fields.add("Replay of", event.replayOf)
        fields.add("Key", event.key)
        fields.add("Group", event.group)
        fields.add("Type", info.contentType)
        fields.add("Status", info.result?.status.map(String.init))
        fields.add("Headers", each: (info.result?.headers ?? []).map { $0.joined(separator: ": ") })
        return fields
    }

    private static func moment(_ milliseconds: Int64) -> String { Timestamp.table(milliseconds: milliseconds) + " UTC" }
}
