import AdminModel
import TextForms

/// The readable form of a function's detail.
enum DescribeText {
    static func text(_ function: FunctionDetail) -> String {
        var fields = FieldList()
        fields.add("Name", function.name)
        fields.add(
            "State", function.state.rawValue + (function.isPinned ? ", held by a rollback until the files change" : ""))
        if let problem = function.problem { add(problem, to: &fields) }
        fields.add("Warnings", each: function.warnings)
        if let version = function.version {
            fields.add(
                "Version",
                "\(version.number), deployed \(Timestamp.table(milliseconds: version.createdAtMilliseconds)) UTC, \(version.contentHash.prefix(12))"
            )
        }
        fields.add("Aliases", each: function.aliases.map { "\($0.name): version \(AliasText.shares($0))" })
        fields.add("Contract", function.contract.map { $0 + (function.contractReason.map { ": \($0)" } ?? "") })
        fields.add("Routes", each: function.routes.map(\.text))
        if let settings = function.settings { add(settings, to: &fields) }
        add(function.counters, to: &fields)
        return fields.text + invocations(function.recentInvocations)
    }

    private static func add(_ problem: FunctionProblem, to fields: inout FieldList) {
        let place = problem.location.map { "\($0): " } ?? ""
        fields.add("Problem", "\(place)\(problem.message) (\(problem.code))")
        fields.add("What to do", problem.hint)
        fields.add("Since", problem.sinceMilliseconds.map { Timestamp.table(milliseconds: $0) + " UTC" })
    }

    private static func add(_ settings: FunctionSettings, to fields: inout FieldList) {
        fields.add("Command", ShellText.line(settings.command))
        fields.add("Image", settings.image ?? "the built-in one")
        fields.add(
            "Limits",
            "memory \(ByteCount.text(settings.memoryBytes)), cpu \(cpu(settings.cpuMillis)), timeout \(DurationText.setting(milliseconds: settings.timeoutMilliseconds)), queue \(settings.queue)"
        )
        fields.add("Network", settings.network)
        fields.add(
            "Workers",
            "\(settings.minWorkers) to \(settings.maxWorkers), \(settings.concurrency) at once each, idle \(DurationText.setting(milliseconds: settings.idleMilliseconds))"
        )
        fields.add("Environment", each: settings.environmentNames)
        fields.add("Secrets", each: settings.secrets)
        fields.add("Topics", each: settings.topics)
        fields.add("Schedules", each: settings.schedules)
    }

    private static func add(_ counters: FunctionCounters, to fields: inout FieldList) {
        fields.add(
            "Now",
            "\(counters.running) running, \(counters.queued) queued; workers: \(counters.workersBusy) busy, \(counters.workersIdle) idle, \(counters.workersStarting) starting"
        )
        fields.add(
            "Since start",
            "\(counters.invocations) invocations, \(counters.failures) failed, \(counters.coldStarts) cold starts")
    }

    private static func invocations(_ invocations: [InvocationSummary]) -> String {
        guard !invocations.isEmpty else { return "" }
        var table = TextTable("ENDED (UTC)", "INVOCATION", "VERSION", "MS", "COLD", "PEAK MIB", "OUTCOME")
        for invocation in invocations {
            table.add(
                Timestamp.table(milliseconds: invocation.endedAtMilliseconds), invocation.id,
                String(invocation.version), LogRecord.milliseconds(invocation.durationMilliseconds),
                invocation.cold ? "yes" : nil, invocation.peakMemoryBytes.map(ByteCount.mebibytes), invocation.outcome)
        }
        return "\n" + table.text
    }

    /// Thousandths of a processor as a number: `0.5`, `2`.
    private static func cpu(_ millis: Int) -> String {
        if millis.isMultiple(of: 1000) { return "\(millis / 1000)" }
        var digits = Timestamp.padded(Int64(millis % 1000), 3)
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(millis / 1000).\(digits)"
    }
}
