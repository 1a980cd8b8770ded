import FunctionCatalog
import FunctionModel

/// The members of CreateFunction and UpdateFunctionConfiguration that become keys of `function.yaml`. Nil is what was
/// not given.
struct LambdaSettings: Hashable, Sendable {
    var runtime: String?
    var handler: String?
    var description: String?
    /// Seconds.
    var timeout: Int?
    /// MiB.
    var memory: Int?
    /// MiB.
    var temporary: Int?
    /// All of them.
    var variables: [String: String]?
    var role: String?
    var logGroup: String?

    /// What Glo does not have, where leaving it out would change what happens, and what to do instead.
    private static let refused = [
        "Layers": "put the layer's files into the package",
        "VpcConfig": "a function has no network, or with `network: egress` in function.yaml the way out",
        "DeadLetterConfig": "use PutFunctionEventInvokeConfig with OnFailure",
        "KMSKeyArn": "variables lie in function.yaml as they are; use `secrets` there",
        "FileSystemConfigs": "a function sees its own files and /tmp only",
        "ImageConfig": "container images are named with `image` in function.yaml",
        "CodeSigningConfigArn": "packages are not signed",
        "DurableConfig": "there are no durable functions",
        "CapacityProviderConfig": "there are no capacity providers",
        "TenancyConfig": "there are no tenants",
        "PublishTo": "versions are published by number",
    ]

    init(_ members: inout ControlMembers, isNew: Bool) throws(LambdaControlError) {
        // First what Lambda's model bounds, as Lambda does; then what Glo does not have.
        timeout = try members.integer("Timeout", in: 1...900)
        memory = try members.integer("MemorySize", in: 128...10_240)
        if var storage = try members.object("EphemeralStorage") {
            temporary = try storage.integer("Size", in: 512...10_240)
            try storage.end()
        }
        role = try members.text("Role")
        if let role, !Self.isRole(role) {
            throw .constraint(
                role, "role",
                "satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+")
        }
        if isNew, role == nil { throw .constraint("null", "role", "not be null") }
        description = try members.text("Description")
        if let description, description.utf8.count > 256 {
            throw .constraint(description, "description", "have length less than or equal to 256")
        }
        if let description, description.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            throw .invalid("Description: it must be one line, without control characters")
        }
        try members.refuse(Self.refused)
        try readRuntime(&members, isNew: isNew)
        if var environment = try members.object("Environment") {
            variables = try environment.table("Variables") ?? [:]
            try environment.end()
        }
        try readTracing(&members)
        try readLogging(&members)
    }

    private mutating func readRuntime(_ members: inout ControlMembers, isNew: Bool) throws(LambdaControlError) {
        runtime = try members.text("Runtime")
        handler = try members.text("Handler")
        if let runtime, !Self.isRuntime(runtime) {
            throw .invalid(
                "Value \(runtime) at 'runtime' failed to satisfy constraint: Member must be one of python3.x, "
                    + "nodejsNN.x, provided.al2023, provided.al2, provided: Glo runs the others' packages only as "
                    + "`provided` with a bootstrap of their own")
        }
        if let handler,
            handler.isEmpty || handler.utf8.count > 128 || !handler.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        {
            throw .constraint(handler, "handler", "satisfy regular expression pattern: [^\\s]+")
        }
        if isNew, runtime == nil || handler == nil {
            throw .invalid(
                "Runtime and Handler are mandatory parameters for functions created with deployment packages.")
        }
    }

    private func readTracing(_ members: inout ControlMembers) throws(LambdaControlError) {
        if var tracing = try members.object("TracingConfig") {
            if let mode = try tracing.text("Mode"), mode != "PassThrough" {
                throw .unsupported(
                    "TracingConfig.Mode \(mode)", "there is no X-Ray; a trace id that comes in is passed on")
            }
            try tracing.end()
        }
        if var snapshots = try members.object("SnapStart") {
            if let when = try snapshots.text("ApplyOn"), when != "None" {
                throw .unsupported("SnapStart.ApplyOn \(when)", "`workers.min` in function.yaml keeps workers warm")
            }
            try snapshots.end()
        }
    }

    private mutating func readLogging(_ members: inout ControlMembers) throws(LambdaControlError) {
        guard var logging = try members.object("LoggingConfig") else { return }
        if let format = try logging.text("LogFormat"), format != "Text" {
            throw .unsupported("LoggingConfig.LogFormat \(format)", "lines are kept as the function prints them")
        }
        try logging.refuse([
            "ApplicationLogLevel": "it needs LogFormat JSON", "SystemLogLevel": "it needs LogFormat JSON",
        ])
        logGroup = try logging.text("LogGroup")
        try logging.end()
    }

    private static func isRuntime(_ text: String) -> Bool {
        if ["provided", "provided.al2", "provided.al2023"].contains(text) { return true }
        func isNumber(_ text: Substring) -> Bool {
            (1...3).contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) }
        }
        if text.hasPrefix("python3.") { return isNumber(text.dropFirst(8)) }
        return text.hasPrefix("nodejs") && text.hasSuffix(".x") && isNumber(text.dropFirst(6).dropLast(2))
    }

    private static func isRole(_ text: String) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), parts[2] == "iam", parts[3].isEmpty,
            parts[4].utf8.count == 12, parts[4].utf8.allSatisfy({ (48...57).contains($0) }), parts[5].hasPrefix("role/")
        else { return false }
        return parts[5].utf8.count > 5 && parts[5].utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
