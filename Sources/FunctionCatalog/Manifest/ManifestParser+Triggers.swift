import DispatchCore
import FunctionModel
import Glibc
import Yams

extension ManifestParser {
    mutating func readTriggers(_ field: Field?) {
        guard let items = reader.items(field, limit: 100) else { return }
        var triggers: [Trigger] = []
        for item in items {
            guard let fields = reader.fields(of: item.value, in: item.name, allowed: ["http", "topic", "schedule"])
            else {
                continue
            }
            if fields.count > 1 {
                reader.fail("'\(item.name)' holds several triggers", hint: "one to a list item", line: item.line)
                continue
            }
            if let http = fields["http"] {
                readHTTP(http).map { triggers.append(.http($0)) }
            } else if let topic = fields["topic"] {
                readTopic(topic).map { triggers.append(.topic($0)) }
            } else if let schedule = fields["schedule"] {
                readSchedule(schedule).map { triggers.append(.schedule($0)) }
            } else if item.value.mapping?.isEmpty == true {
                reader.fail("'\(item.name)' is empty", hint: "http, topic or schedule", line: item.line)
            }
        }
        manifest.triggers = triggers
    }

    /// - Parameter takesNumbers: whether the number of a published version is taken too.
    mutating func readAlias(_ field: Field?, takesNumbers: Bool = false) -> String? {
        guard let field, let text = reader.text(field, limit: 128) else { return nil }
        guard VersionAlias.isName(text) || (takesNumbers && VersionAlias.isNumber(text)) else {
            reader.fail(
                "'\(field.name)' is '\(text)', which is no name of an alias: \(VersionAlias.rule)",
                line: field.valueLine)
            return nil
        }
        return text
    }

    private mutating func readTopic(_ field: Field) -> TopicTrigger? {
        if field.text != nil { return name(field, "a name of a topic").map { TopicTrigger(name: $0) } }
        let keys = ["name", "batch", "window", "reportBatchItemFailures", "alias", "enabled", "filter"]
        guard let fields = reader.fields(of: field.value, in: field.name, allowed: keys) else { return nil }
        let batch = reader.integer(fields["batch"], in: 1...1000)
        let window = reader.duration(fields["window"], in: 0...300_000)
        guard let nameField = fields["name"] else {
            reader.fail("'\(field.name)' has no 'name'", line: field.line)
            return nil
        }
        guard let name = name(nameField, "a name of a topic") else { return nil }
        var topic = TopicTrigger(name: name)
        topic.batch = batch
        topic.alias = readAlias(fields["alias"], takesNumbers: true)
        topic.windowMilliseconds = window ?? topic.windowMilliseconds
        topic.reportsBatchItemFailures = reader.flag(fields["reportBatchItemFailures"]) ?? true
        topic.isEnabled = reader.flag(fields["enabled"]) ?? true
        topic.filters = readFilters(fields["filter"])
        if batch == nil, let extra = fields["window"] ?? fields["reportBatchItemFailures"] {
            reader.fail(
                "'\(extra.name)' has no meaning without 'batch'", hint: "write batch: 10", code: .contradiction,
                line: extra.line)
        }
        return topic
    }

    /// A list of patterns, each a text that holds JSON.
    private mutating func readFilters(_ field: Field?) -> [String] {
        guard let field, let items = reader.items(field, limit: 10) else { return [] }
        var filters: [String] = []
        for item in items {
            guard let text = reader.text(item, limit: EventPattern.maxBytes) else { continue }
            do throws(EventPatternError) {
                filters.append(try EventPattern(text).text)
            } catch {
                reader.fail(
                    "'\(item.name)' is no filter pattern: \(error)",
                    hint: #"quote it, such as '{"body": {"type": ["order"]}}'"#, line: item.valueLine)
            }
        }
        return filters
    }

    private mutating func readInput(_ field: Field?) -> String? {
        guard let field else { return nil }
        guard let text = reader.argument(field) else {
            reader.fail("'\(field.name)' has to be a text", hint: "quote the JSON: '{\"a\": 1}'", line: field.valueLine)
            return nil
        }
        return text
    }

    private mutating func readSchedule(_ field: Field) -> ScheduleTrigger? {
        let keys = ["cron", "every", "timezone", "overlap", "catchUp", "input", "alias"]
        guard let fields = reader.fields(of: field.value, in: field.name, allowed: keys) else { return nil }
        var schedule = ScheduleTrigger()
        if (fields["cron"] == nil) == (fields["every"] == nil) {
            reader.fail("'\(field.name)' needs either 'cron' or 'every'", code: .contradiction, line: field.line)
        }
        schedule.everyMilliseconds = reader.duration(fields["every"], in: 1000...31_536_000_000)
        if let cron = fields["cron"], let text = reader.text(cron, limit: 256) {
            schedule.cron = text
            do throws(CronExpressionError) {
                _ = try CronExpression(text)
            } catch {
                reader.fail("'\(cron.name)' is '\(text)': \(error)", line: cron.valueLine)
            }
        }
        schedule.overlap = reader.choice(fields["overlap"]) ?? schedule.overlap
        schedule.catchUp = reader.choice(fields["catchUp"]) ?? schedule.catchUp
        schedule.input = readInput(fields["input"])
        schedule.alias = readAlias(fields["alias"])
        if let zone = fields["timezone"], let text = reader.text(zone, limit: 64) {
            schedule.timezone = text
            if !Self.isTimezone(text) {
                reader.fail(
                    "'\(zone.name)' is '\(text)', which is no time zone",
                    hint: "write UTC or a name such as Europe/Oslo",
                    line: zone.valueLine)
            }
        }
        return schedule
    }

    /// A zone of the system's data base; where there is none, anything of the right form.
    private static func isTimezone(_ text: String) -> Bool {
        if text == "UTC" { return true }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ isIdentifier($0.filter { $0 != "+" }) }) else { return false }
        guard access("/usr/share/zoneinfo", F_OK) == 0 else { return true }
        return access("/usr/share/zoneinfo/\(text)", R_OK) == 0
    }
}
