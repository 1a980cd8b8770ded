/// Finds out who sent a request and whether they may.
package protocol RouteAuthenticator: AnyObject {
    /// Calls `done` exactly once, on the gateway's event loop, at once or later.
    func authenticate(
        _ attempt: AuthenticationAttempt, _ done: @escaping (Result<RouteIdentity, AuthenticationFailure>) -> Void)
}
