import FunctionModel
import HTTPTypes
import Hummingbird
import Logging

/// Turns every error of a route into a problem document.
struct ProblemMiddleware: RouterMiddleware {
    let logger: Logger

    func handle(
        _ request: Request, context: AdminRoutes.Context,
        next: (Request, AdminRoutes.Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as AdminError {
            return AdminResponse.problem(error)
        } catch let error as HTTPError where error.status == .notFound {
            return AdminResponse.problem(
                AdminError(.pathNotFound, "The admin API has no \(request.method) at this path."))
        } catch let error as HTTPError where (400..<500).contains(error.status.code) {
            return AdminResponse.problem(AdminError(.badRequest, error.body ?? "The request is malformed."))
        } catch {
            logger.error("An admin request failed", metadata: ["error": .string("\(error)")])
            return AdminResponse.problem(
                AdminError(.internalError, "The controller failed.", hint: "See the controller's log."))
        }
    }
}
