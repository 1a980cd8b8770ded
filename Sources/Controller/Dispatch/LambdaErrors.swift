import FunctionModel
import NIOCore

/// The error documents that Lambda's platform shows to callers (its recordings are the source).
enum LambdaErrors {
    static func timedOut(_ id: InvocationID, milliseconds: Int64) -> ByteBuffer {
        let hundredths = (milliseconds + 5) / 10
        let seconds = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
        return document("Sandbox.Timedout", "RequestId: \(id) Error: Task timed out after \(seconds) seconds")
    }

    /// `reason` is such as `exit status 3` or `signal: killed`; nil is an exit with code 0.
    static func exited(_ id: InvocationID, reason: String?) -> ByteBuffer {
        let what = reason.map { "Runtime exited with error: \($0)" } ?? "Runtime exited without providing a reason"
        return document("Runtime.ExitError", "RequestId: \(id) Error: \(what)")
    }

    /// Both texts are Glo's own and hold nothing that JSON would have to escape.
    private static func document(_ type: String, _ message: String) -> ByteBuffer {
        ByteBuffer(string: "{\"errorType\":\"\(type)\",\"errorMessage\":\"\(message)\"}")
    }
}
