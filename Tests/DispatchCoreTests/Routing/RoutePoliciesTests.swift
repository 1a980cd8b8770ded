import FunctionModel
import Testing

@testable import DispatchCore

@Suite("What routes do before functions")
struct RoutePoliciesTests {
    private func policies(_ path: String, _ change: (inout HTTPTrigger) -> Void) throws -> RoutePolicies? {
        var trigger = HTTPTrigger(path: path)
        change(&trigger)
        return RoutePolicies(trigger, pattern: try RoutePattern(path), filesPath: "/files")
    }

    @Test("A route that asks for nothing has none")
    func none() throws {
        #expect(try policies("/a") { $0.maxBodyBytes = 5 } == nil)
    }

    @Test(
        "The handler's path is what follows the literal beginning, as it was sent",
        arguments: [
            ("/_url/f/*", "/_url/f/p%20a/x", "/p%20a/x"), ("/_url/f/*", "/_url/f/", "/"), ("/_url/f", "/_url/f", "/"),
            ("/api/{id}/x", "/api/7/x", "/7/x"), ("/api/{rest+}", "/api/a//b%2Fc", "/a//b%2Fc"),
            ("/a%20b/{id}", "/a%20b/c", "/c"), ("/api/", "/api/", "/"),
        ])
    func stripped(pattern: String, path: String, expected: String) throws {
        let policies = try #require(try policies(pattern) { $0.stripsBase = true })
        #expect(policies.handlerPath(path) == expected)
    }

    @Test("Function URLs are the stripped routes below /_url/")
    func functionURL() throws {
        #expect(try policies("/_url/f/*") { $0.stripsBase = true }?.isFunctionURL == true)
        #expect(try policies("/url/f/*") { $0.stripsBase = true }?.isFunctionURL == false)
    }
}
