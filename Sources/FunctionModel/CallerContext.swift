/// What a caller of Lambda's Invoke API says of itself, for handlers of the `lambda` contract.
///
/// A class, so that invocations without one carry a null pointer.
package final class CallerContext: Sendable {
    /// JSON on one line, in ASCII: fit for a header field.
    package let clientContext: String?
    /// Fit for a header field.
    package let tenant: String?

    package init(clientContext: String? = nil, tenant: String? = nil) {
        self.clientContext = clientContext
        self.tenant = tenant
    }
}
