import HTTPTypes
import Hummingbird

/// Lets only requests with the token through.
struct BearerMiddleware: RouterMiddleware {
    let token: AdminToken

    func handle(
        _ request: Request, context: AdminRoutes.Context,
        next: (Request, AdminRoutes.Context) async throws -> Response
    ) async throws -> Response {
        guard token.matches(authorization: request.headers[.authorization]) else {
            throw AdminError(
                .unauthorized, "The request has no valid token.",
                hint: "Send the field 'Authorization: Bearer TOKEN' with the controller's admin token.")
        }
        return try await next(request, context)
    }
}
