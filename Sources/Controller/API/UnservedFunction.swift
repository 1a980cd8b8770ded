import FunctionCatalog
import FunctionModel
import Gateway
import HTTPCodec
import NIOCore

/// A function that lies in the functions directory and has no version that could run.
struct UnservedFunction: Hashable, Sendable {
    /// `Pending` or `Failed`, as GetFunction tells it.
    let state: String
    /// The error of an invocation, where Lambda finds out no sooner: it looks for a handler when it starts one.
    let errorType: String?
    let reason: String?

    /// Nil when something serves.
    init?(_ entry: CatalogEntry) {
        guard entry.current == nil else { return nil }
        let told = LambdaState(entry)
        guard told.state != "Active" else { return nil }
        state = told.state
        reason = told.stateReason
        errorType = entry.problems.first.flatMap { Self.errorType($0) }
    }

    private static func errorType(_ problem: CatalogProblem) -> String? {
        switch problem.code {
        case .commandNotFound where problem.path.hasSuffix(".yaml"): "Runtime.ImportModuleError"
        case .noCommand, .commandNotFound, .notExecutable, .emptyFile, .unknownFormat, .truncated, .wrongArchitecture,
            .interpreterMissing:
            "Runtime.InvalidEntrypoint"
        case .badName, .nameConflict, .symbolicLink, .specialFile, .writableByOthers, .unreadable, .tooLarge,
            .linkLeftOut, .stillChanging, .manifestSyntax, .unknownKey, .invalidValue, .contradiction, .notActive,
            .refused, .storeFailed, .watchFailed, .activationFailed, .stateDamaged:
            nil
        }
    }

    /// - Parameter isWaitedFor: whether the caller gets what the function says; others get a refusal.
    func answer(id: InvocationID, isWaitedFor: Bool) -> InvokeAnswer {
        guard isWaitedFor, let errorType else { return InvokeAnswer(id: id, refusal) }
        var json = ByteBuffer()
        json.writeStaticString("{\"errorType\":")
        JSONText.writeString(errorType, into: &json)
        json.writeStaticString(",\"errorMessage\":")
        let isModule = errorType == "Runtime.ImportModuleError"
        JSONText.writeString(
            (isModule ? "Unable to import module: " : "RequestId: \(id) Error: ") + (reason ?? ""), into: &json)
        json.writeStaticString("}")
        let fields = HTTPFields([
            ("Content-Type", "application/json"), ("X-Amz-Executed-Version", "$LATEST"),
            ("X-Amz-Function-Error", "Unhandled"),
        ])
        return InvokeAnswer(id: id, status: 200, fields: fields, body: json, hasRun: false)
    }

    private var refusal: LambdaAPIError {
        LambdaAPIError(
            "ResourceConflictException", 409,
            "The operation cannot be performed at this time. The function is currently in the following state: \(state)"
                + (reason.map { ". \($0)" } ?? ""))
    }
}
