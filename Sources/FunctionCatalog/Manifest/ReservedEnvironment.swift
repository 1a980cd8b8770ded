import FunctionModel

/// The variables that Glo sets itself for a handler; a manifest may not set them.
enum ReservedEnvironment {
    /// Those of the Lambda Runtime API that would break its clients. The region is not among them: Glo has none, and
    /// who calls AWS from a function must name one.
    private static let names: Set<String> = [
        "_HANDLER", "_X_AMZN_TRACE_ID", "_LAMBDA_TELEMETRY_LOG_FD", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_MAX_CONCURRENCY", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT",
        "LAMBDA_RUNTIME_DIR",
    ]

    /// Why a variable is refused; nil when it may be set.
    static func reason(_ name: String, contract: Contract?) -> String? {
        if name == "PORT" && contract == .http { return "Glo chooses the port of an http handler" }
        if names.contains(name) { return "Glo sets it for the handler" }
        if name.hasPrefix("GLO_") { return "names that begin with GLO_ are Glo's own" }
        return nil
    }

    /// `[A-Za-z_][A-Za-z0-9_]*`
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(48...57).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte)
                || byte == UInt8(ascii: "_")
        }
    }
}
