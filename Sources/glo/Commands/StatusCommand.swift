import AdminModel
import ArgumentParser
import LinuxSystem

/// `glo status`.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how the controller is; exit code 1 says that it is not healthy.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        let reply = try connection.client.get(AdminPath.status, as: ControllerStatus.self)
        if options.output == .json {
            Console.output(reply.bytes + [UInt8(ascii: "\n")])
        } else {
            Console.output(Self.text(reply.document, nowMilliseconds: SystemClock.unixMilliseconds()))
        }
        if !reply.document.problems.isEmpty { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    static func text(_ status: ControllerStatus, nowMilliseconds: Int64) -> String {
        var fields = FieldList()
        let age = DurationText.age(milliseconds: nowMilliseconds - status.startedAtMilliseconds)
        fields.add(
            "Controller", "glo \(status.version), \(status.state) for \(age), pid \(status.pid), boot \(status.bootID)")
        fields.add("Health", status.problems.isEmpty ? "healthy" : "not healthy")
        fields.add("", each: status.problems)
        fields.add("Engine", engine(status.engine))
        fields.add("Redis", status.redis.map(redis))
        fields.add("Queue", status.queue.map(queue))
        fields.add("Listeners", each: status.listeners.map { "\($0.address) (\($0.role))" })
        fields.add("Functions", "\(status.functions), \(status.rejected) rejected, in \(status.functionsDirectory)")
        fields.add("Failed", each: status.failed)
        fields.add("Workers", "\(status.workers), and \(status.spares) spares")
        fields.add(
            "Memory",
            "\(ByteCount.text(status.memoryReservedBytes)) of \(ByteCount.text(status.memoryBudgetBytes)) promised to workers"
        )
        fields.add("State", status.stateDirectory)
        fields.add("Warnings", each: status.warnings)
        return fields.text
    }

    private static func redis(_ redis: RedisStatus) -> String {
        var text = redis.state.rawValue
        if let detail = redis.detail { text += ", \(detail)" }
        if let used = redis.usedMemoryBytes {
            text += ", \(ByteCount.text(used))" + (redis.maxMemoryBytes.map { " of \(ByteCount.text($0))" } ?? "")
        }
        return text
    }

    private static func queue(_ depth: QueueDepth) -> String {
        var text = "\(depth.ready) ready, \(depth.delayed) delayed, \(depth.running) running, \(depth.dead) dead"
        if let oldest = depth.oldestMilliseconds {
            text += ", the oldest for \(DurationText.age(milliseconds: oldest))"
        }
        return text
    }

    private static func engine(_ engine: EngineStatus) -> String {
        var text = engine.kind
        if let version = engine.version { text += " \(version)" }
        if let api = engine.apiVersion { text += ", API \(api)" }
        if !engine.isReachable { text += ", does not answer\(engine.problem.map { ": \($0)" } ?? "")" }
        return text
    }
}
