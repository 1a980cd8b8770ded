package import AccessControl

/// One of the APIs that AWS's clients speak, without the part that must be fast.
package protocol ServiceAPI: Sendable {
    /// Reads what a request asks for. It is read once: what the caller must be allowed to do and what is done then come
    /// from the same reading.
    func call(_ request: ServiceRequest) -> ServiceCall
}

extension ServiceAPI {
    /// Answers a request whose caller may do everything.
    package func respond(to request: ServiceRequest) async -> ServiceResponse { await call(request).perform() }
}

/// A request to such an API, read and not yet carried out.
package struct ServiceCall: Sendable {
    /// What the caller must be allowed to do; nil when the request names no operation, so that nothing is done.
    package let needed: AccessScope?
    /// Carries it out; a wrong request gets the API's own error document.
    package let perform: @Sendable () async -> ServiceResponse

    package init(needed: AccessScope?, perform: @escaping @Sendable () async -> ServiceResponse) {
        self.needed = needed
        self.perform = perform
    }
}
