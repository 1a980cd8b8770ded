import FunctionModel
import Yams

extension ManifestParser {
    private static let day = 86_400_000
    private static let asyncKeys = [
        "attempts", "backoff", "maxAge", "concurrency", "rate", "queue", "priority", "keep", "keepDead", "keepPayload",
        "callbacks", "onSuccess", "onFailure",
    ]

    mutating func readAsync(_ field: Field?) {
        guard let field, let fields = reader.fields(of: field.value, in: "async", allowed: Self.asyncKeys) else {
            return
        }
        var settings = manifest.asyncSettings
        settings.attempts = reader.integer(fields["attempts"], in: 1...100) ?? settings.attempts
        settings.maxAgeMilliseconds =
            reader.duration(fields["maxAge"], in: 1000...14 * Self.day) ?? settings.maxAgeMilliseconds
        settings.concurrency = reader.integer(fields["concurrency"], in: 1...10_000)
        settings.rate = readRate(fields["rate"])
        settings.queue = reader.integer(fields["queue"], in: 1...100_000_000)
        settings.priority = reader.integer(fields["priority"], in: 0...9) ?? settings.priority
        settings.resultRetentionMilliseconds =
            reader.duration(fields["keep"], in: 0...30 * Self.day) ?? settings.resultRetentionMilliseconds
        settings.deadRetentionMilliseconds =
            reader.duration(fields["keepDead"], in: 60_000...365 * Self.day) ?? settings.deadRetentionMilliseconds
        settings.keepsPayload = reader.flag(fields["keepPayload"]) ?? settings.keepsPayload
        settings.callbacks = reader.flag(fields["callbacks"]) ?? settings.callbacks
        settings.onSuccess = destination(fields["onSuccess"])
        settings.onFailure = destination(fields["onFailure"])
        readBackoff(fields["backoff"], &settings)
        manifest.asyncSettings = settings
    }

    private mutating func readBackoff(_ field: Field?, _ settings: inout AsyncSettings) {
        guard let field, let fields = reader.fields(of: field.value, in: field.name, allowed: ["base", "max"]) else {
            return
        }
        settings.backoffBaseMilliseconds =
            reader.duration(fields["base"], in: 1...3_600_000) ?? settings.backoffBaseMilliseconds
        settings.backoffCapMilliseconds =
            reader.duration(fields["max"], in: 1...Self.day)
            ?? max(settings.backoffCapMilliseconds, settings.backoffBaseMilliseconds)
        if settings.backoffCapMilliseconds < settings.backoffBaseMilliseconds {
            reader.fail(
                "'async.backoff.max' is less than 'async.backoff.base'", code: .contradiction,
                line: fields["max"]?.valueLine)
        }
    }

    mutating func readRate(_ field: Field?) -> EventRate? {
        guard let field else { return nil }
        if let rate = field.text.flatMap(EventRate.init) { return rate }
        reader.fail(
            "'\(field.name)' is \(field.kind), which is not a rate", hint: "write 10/s, 100/m or 5/h",
            line: field.valueLine)
        return nil
    }

    // MARK: Destinations

    /// A text, or a URL with the name of the secret that signs what is sent there.
    private mutating func destination(_ field: Field?) -> EventDestination? {
        guard let field else { return nil }
        guard field.value.mapping != nil else { return destination(field, secret: nil) }
        guard let fields = reader.fields(of: field.value, in: field.name, allowed: ["url", "secret", "format"]) else {
            return nil
        }
        guard let url = fields["url"] else {
            reader.fail("'\(field.name)' has no 'url'", hint: "write url: https://…", line: field.line)
            return nil
        }
        let secret = name(fields["secret"], "a name of a secret")
        let destination = destination(url, secret: secret)
        guard let format = fields["format"], let text = reader.text(format) else { return destination }
        switch (text, destination) {
        case ("record", _), (_, nil): return destination
        case ("cloudevents", .url(let url, let secret)?): return .cloudEvent(url, secret: secret)
        case ("cloudevents", _?):
            reader.fail("'\(format.name)' has a meaning for a URL only", code: .contradiction, line: format.line)
        default:
            reader.fail(
                "'\(format.name)' is '\(text)'; it must be record or cloudevents", line: format.valueLine)
        }
        return nil
    }

    private mutating func destination(_ field: Field, secret: String?) -> EventDestination? {
        guard let text = reader.text(field, limit: 2048) else { return nil }
        if text.hasPrefix("topic:"), Self.isIdentifier(String(text.dropFirst(6))) {
            return .topic(String(text.dropFirst(6)))
        }
        if text.hasPrefix("function:"), let name = FunctionName(String(text.dropFirst(9))) { return .function(name) }
        if text.hasPrefix("https://") { return url(text, secret, field) }
        let hint = "write topic:NAME, function:NAME or https://HOST/PATH"
        let why = text.hasPrefix("http://") ? "which is not encrypted" : "which is not a destination"
        reader.fail("'\(field.name)' is '\(text)', \(why)", hint: hint, line: field.valueLine)
        return nil
    }

    /// The form alone: whether the address may be connected to shows when it is.
    private mutating func url(_ text: String, _ secret: String?, _ field: Field) -> EventDestination? {
        let authority = text.dropFirst(8).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
        guard isPlain, !authority.isEmpty, !authority.contains("@"), !text.contains("#") else {
            reader.fail(
                "'\(field.name)' is '\(text)', which is no URL for a destination",
                hint: "a host, no user, no fragment", line: field.valueLine)
            return nil
        }
        return .url(text, secret: secret)
    }
}
