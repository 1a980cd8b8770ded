import DispatchCore
import FunctionModel
import LinuxSystem
import Observability
import TextForms

/// The environment variables that a handler starts with. The platform's win over the manifest's.
///
/// The names and values for `lambda` are those of AWS's documentation of the runtime environment.
enum HandlerEnvironment {
    static func variables(
        for version: FunctionVersion, taskDirectory: String, runtimeDirectory: String, logStream: String
    ) -> [(name: String, value: String)] {
        var variables: [String: String] = [
            "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/bin",
            "HOME": "/tmp",
            "LANG": "C.UTF-8",
            "TZ": ":UTC",
        ]
        if version.contract == .lambda {
            // What is packed for Lambda brings libraries of its own.
            variables["LD_LIBRARY_PATH"] = "\(taskDirectory):\(taskDirectory)/lib:/opt/lib"
        }
        variables.merge(version.manifest.environment) { _, new in new }
        variables["GLO_FUNCTION"] = version.name.rawValue
        variables["GLO_VERSION"] = String(version.number)
        variables["LAMBDA_TASK_ROOT"] = taskDirectory
        if version.contract == .lambda {
            variables["LAMBDA_RUNTIME_DIR"] = runtimeDirectory
            variables["GLO_RUNTIME"] = version.manifest.runtime
            variables.merge(lambda(version, logStream: logStream)) { _, new in new }
            // Defaults that a manifest may change.
            for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
                variables[name] = version.manifest.environment[name] ?? LambdaIdentity.region
            }
        }
        return variables.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }

    /// `2026/01/31/[$LATEST]…`, as Lambda names the log of one worker: 32 hexadecimal digits.
    static func logStream(_ version: FunctionVersion, boot: String, worker: WorkerID) -> String {
        let day = Timestamp.rfc3339(milliseconds: SystemClock.unixMilliseconds()).prefix(10)
        let digits = boot.filter(\.isHexDigit) + Hexadecimal.text(word: worker.rawValue)
        let padded = String(repeating: "0", count: max(0, 32 - digits.count)) + digits
        let name = version.publishedNumber.map(String.init) ?? "$LATEST"
        return "\(day.replacing("-", with: "/"))/[\(name)]\(padded)"
    }

    private static func lambda(_ version: FunctionVersion, logStream: String) -> [String: String] {
        var variables = [
            "_HANDLER": version.manifest.handler ?? "handler",
            "AWS_LAMBDA_FUNCTION_NAME": version.name.rawValue,
            "AWS_LAMBDA_FUNCTION_VERSION": version.publishedNumber.map(String.init) ?? "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": String(version.manifest.limits.memoryBytes >> 20),
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/\(version.name)",
            "AWS_LAMBDA_LOG_STREAM_NAME": logStream,
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        ]
        if version.manifest.workers.concurrency > 1 {
            variables["AWS_LAMBDA_MAX_CONCURRENCY"] = String(version.manifest.workers.concurrency)
        }
        return variables
    }
}
