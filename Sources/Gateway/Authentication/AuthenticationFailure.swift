package import FunctionModel

/// Why a request may not pass.
package struct AuthenticationFailure: Error, Hashable, Sendable {
    /// `unauthorized`, `forbidden` or `auth_unavailable`.
    package let code: FailureCode
    /// A sentence that gives nothing away.
    package let detail: String
    /// The value of `WWW-Authenticate` (RFC 9110, 11.6.1); nil sends none.
    package let challenge: String?

    package init(_ code: FailureCode, _ detail: String, challenge: String? = nil) {
        self.code = code
        self.detail = detail
        self.challenge = challenge
    }

    /// What is needed to decide cannot be read; the reason is in the log.
    package static let unavailable = AuthenticationFailure(
        .authUnavailable, "What this route checks requests against cannot be read; the controller's log says why.")
}
