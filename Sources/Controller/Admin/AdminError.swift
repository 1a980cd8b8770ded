import AccessControl
package import AdminModel
package import FunctionModel

/// A refusal of the admin API; it becomes a problem document.
package struct AdminError: Error, Sendable, CustomStringConvertible {
    package var code: AdminErrorCode
    /// What happened, in a sentence.
    package var detail: String
    /// What to do.
    package var hint: String?
    /// The invocation that it is about.
    package var invocation: InvocationID?

    package init(_ code: AdminErrorCode, _ detail: String, hint: String? = nil, invocation: InvocationID? = nil) {
        self.code = code
        self.detail = detail
        self.hint = hint
        self.invocation = invocation
    }

    package init(_ code: FailureCode, _ detail: String, hint: String? = nil, invocation: InvocationID? = nil) {
        self.init(.failure(code), detail, hint: hint, invocation: invocation)
    }

    /// `function_not_found` for this name.
    package static func functionNotFound(_ name: String) -> AdminError {
        AdminError(
            .functionNotFound, "There is no function '\(name)'.",
            hint: "See `glo ls` for the names, or put its file into the functions directory.")
    }

    /// `invocation_not_found` for this id.
    package static func invocationNotFound(_ id: InvocationID) -> AdminError {
        AdminError(
            .invocationNotFound, "There is no invocation \(id).",
            hint: "See `glo invocations` for the ids; what has ended is kept for a time only.", invocation: id)
    }

    /// `payload_gone` for this invocation.
    package static func payloadGone(_ id: InvocationID) -> AdminError {
        AdminError(
            .payloadGone, "The payload was removed when the event succeeded; set async.keepPayload.",
            hint: "Send the event anew.", invocation: id)
    }

    /// Whoever asks is known, and may not do this.
    static func forbidden(_ needed: AccessScope) -> AdminError {
        AdminError(
            .failure(.forbidden),
            "The token's scopes do not allow this; it needs the scope '\(needed.rawValue)'.",
            hint: "Make one with 'glo token create --scope'.")
    }

    package var description: String { "\(code.rawValue): \(detail)" }

    /// The document that the client gets.
    package var document: ProblemDocument {
        ProblemDocument(
            title: code.title, status: code.status, code: code.rawValue, detail: detail, hint: hint,
            invocation: invocation?.description)
    }
}
