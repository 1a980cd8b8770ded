import FunctionModel
import Yams

extension ManifestParser {
    private static let day = 86_400_000

    mutating func readLimits(_ fields: [String: Field]) {
        var limits = manifest.limits
        limits.memoryBytes = reader.size(fields["memory"], in: 16 << 20...1 << 40) ?? limits.memoryBytes
        limits.cpuMillis = reader.cpu(fields["cpu"], in: 10...256_000) ?? limits.cpuMillis
        limits.timeoutMilliseconds = reader.duration(fields["timeout"], in: 1...900_000) ?? limits.timeoutMilliseconds
        limits.initTimeoutMilliseconds =
            reader.duration(fields["initTimeout"], in: 1...900_000) ?? limits.initTimeoutMilliseconds
        limits.processes = reader.integer(fields["processes"], in: 4...32_768) ?? limits.processes
        // The tmpfs counts against the memory, so a small function gets a small one.
        limits.temporaryBytes = min(limits.temporaryBytes, limits.memoryBytes / 2)
        readTemporary(fields["tmp"], into: &limits)
        manifest.limits = limits
    }

    /// `tmp: 64Mi`, or `tmp: {size: 64Mi, exec: true}`.
    private mutating func readTemporary(_ field: Field?, into limits: inout Limits) {
        var size = field
        if let field, field.value.mapping != nil {
            guard let fields = reader.fields(of: field.value, in: "tmp", allowed: ["size", "exec"]) else { return }
            size = fields["size"]
            limits.runsTemporaryPrograms = reader.flag(fields["exec"]) ?? limits.runsTemporaryPrograms
        }
        limits.temporaryBytes = reader.size(size, in: 1 << 16...1 << 40) ?? limits.temporaryBytes
    }

    mutating func readWorkers(_ field: Field?) {
        let keys = ["min", "max", "concurrency", "idle", "queue", "maxInvocations", "maxAge"]
        guard let field, let fields = reader.fields(of: field.value, in: "workers", allowed: keys) else { return }
        var workers = manifest.workers
        let minimum = reader.integer(fields["min"], in: 0...1000)
        let maximum = reader.integer(fields["max"], in: 0...1000)
        workers.min = minimum ?? workers.min
        // Who asks only for many workers means that many may be.
        workers.max = maximum ?? max(workers.max, workers.min)
        workers.concurrency = reader.integer(fields["concurrency"], in: 1...1000) ?? workers.concurrency
        workers.idleMilliseconds = reader.duration(fields["idle"], in: 1000...Self.day) ?? workers.idleMilliseconds
        workers.queue = reader.integer(fields["queue"], in: 0...100_000) ?? workers.queue
        workers.maxInvocations = reader.integer(fields["maxInvocations"], in: 1...1_000_000_000)
        workers.maxAgeMilliseconds = reader.duration(fields["maxAge"], in: 1000...30 * Self.day)
        manifest.workers = workers
        if let minimum, let maximum, minimum > maximum {
            reader.fail(
                "'workers.min' is \(minimum), more than 'workers.max', which is \(maximum)", code: .contradiction,
                line: fields["min"]?.valueLine)
        }
    }

    /// What is right by itself and wrong together.
    mutating func readContradictions(_ fields: [String: Field]) {
        if manifest.contract == .stdio && manifest.workers.concurrency > 1 {
            reader.fail(
                "'workers.concurrency' is \(manifest.workers.concurrency),"
                    + " but a stdio handler answers one event at a time",
                hint: "use workers.max", code: .contradiction, line: fields["workers"]?.line)
        }
        if let temporary = fields["tmp"], manifest.limits.temporaryBytes > manifest.limits.memoryBytes {
            reader.fail(
                "'tmp' is larger than 'memory', which is \(Quantity.describe(bytes: manifest.limits.memoryBytes))",
                hint: "what lies in /tmp counts against the memory", code: .contradiction,
                line: temporary.value.mapping == nil ? temporary.valueLine : temporary.line)
        }
        readRuntimeContradictions(fields)
        if let handler = fields["handler"], fields["runtime"] == nil, manifest.contract.map({ $0 != .lambda }) ?? false
        {
            reader.fail(
                "'handler' has no meaning for the contract \(manifest.contract?.rawValue ?? "")",
                hint: "it is for 'runtime' and for contract: lambda", code: .contradiction, line: handler.line)
        }
    }

    private mutating func readRuntimeContradictions(_ fields: [String: Field]) {
        guard let runtime = manifest.runtime.flatMap(HandlerRuntime.init) else { return }
        if let contract = manifest.contract, contract != .lambda {
            reader.fail(
                "'runtime' is for the contract lambda, and 'contract' is \(contract.rawValue)",
                hint: "remove one of them",
                code: .contradiction, line: fields["contract"]?.line)
        }
        if runtime.hasLoader, let command = fields["command"] {
            reader.fail(
                "'command' and the runtime '\(manifest.runtime ?? "")' both say what runs", hint: "remove one of them",
                code: .contradiction, line: command.line)
        }
    }
}
