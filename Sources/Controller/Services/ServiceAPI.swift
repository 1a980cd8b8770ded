/// One of the APIs that AWS's clients speak, without the part that must be fast.
package protocol ServiceAPI: Sendable {
    /// Answers every request, a wrong one with the API's own error document.
    func respond(to request: ServiceRequest) async -> ServiceResponse
}
