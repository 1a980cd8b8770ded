import FunctionCatalog
import FunctionModel

extension LambdaSettings {
    /// Lambda's own defaults, for a function that is made through its API.
    mutating func fillDefaults() {
        timeout = timeout ?? 3
        memory = memory ?? 128
    }

    /// Writes what was given into a manifest.
    ///
    /// - Parameter before: the variables that it has, which may stay whatever they are named.
    func apply(to manifest: inout ManifestEditor) throws(FunctionWriteError) {
        if let runtime { manifest["runtime"] = .text(runtime) }
        if let handler { manifest["handler"] = .text(handler) }
        if let description { manifest["description"] = description.isEmpty ? nil : .text(description) }
        if let memory { manifest["memory"] = .word("\(memory)Mi") }
        if let timeout { manifest["timeout"] = .word("\(timeout)s") }
        try applyTemporary(to: &manifest)
        if let variables {
            try Self.check(variables, before: manifest["environment"])
            let members = variables.sorted { $0.key < $1.key }.map { ManifestValue.Member($0.key, .text($0.value)) }
            manifest["environment"] = members.isEmpty ? nil : .mapping(members)
        }
    }

    /// Glo's /tmp lies in the function's memory. Lambda's default of 512 MB, which clients send unasked, means Glo's own
    /// default where the memory is smaller.
    private func applyTemporary(to manifest: inout ManifestEditor) throws(FunctionWriteError) {
        guard let temporary else { return }
        let memory = ManifestEditor.parse((try? manifest.text()) ?? "").manifest.limits.memoryBytes >> 20
        if temporary <= memory {
            setTemporary(.word("\(temporary)Mi"), in: &manifest)
        } else if temporary == 512 {
            setTemporary(nil, in: &manifest)
        } else {
            throw FunctionWriteError(
                .manifestInvalid,
                "EphemeralStorage: /tmp lies in the function's memory, so \(temporary) MB of it need MemorySize to be "
                    + "as much or more; it is \(memory) MB")
        }
    }

    /// What else the manifest says of /tmp stays.
    private func setTemporary(_ size: ManifestValue?, in manifest: inout ManifestEditor) {
        guard var old = manifest["tmp"], old.members != nil else {
            manifest["tmp"] = size
            return
        }
        old["size"] = size
        manifest["tmp"] = old.members?.isEmpty == true ? nil : old
    }

    /// Those that Lambda sets itself, its credentials and its region among them.
    private static let reserved: Set<String> = [
        "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
    ]

    /// Bytes of all variables as JSON (Lambda's limit).
    private static let mostVariableBytes = 4096

    /// A variable that function.yaml has already may come back, since clients send all of them; so may all of them, when
    /// they are more than Lambda takes.
    private static func check(_ variables: [String: String], before: ManifestValue?) throws(FunctionWriteError) {
        let wrong = variables.keys.filter { reserved.contains($0) && before?[$0]?.string != variables[$0] }.sorted()
        guard wrong.isEmpty else {
            throw FunctionWriteError(
                .manifestInvalid,
                "Lambda was unable to configure your environment variables because the environment variables you have "
                    + "provided contains reserved keys that are currently not supported for modification. Reserved keys "
                    + "used in this request: \(wrong.joined(separator: ", "))")
        }
        let text = ServiceJSON.texts(variables).string
        let isKept = variables.allSatisfy { before?[$0.key]?.string == $0.value }
        guard text.utf8.count <= mostVariableBytes || isKept else {
            throw FunctionWriteError(
                .manifestInvalid,
                "Lambda was unable to configure your environment variables because the environment variables you have "
                    + "provided exceeded the 4KB limit. They have \(text.utf8.count) bytes as JSON")
        }
    }
}
