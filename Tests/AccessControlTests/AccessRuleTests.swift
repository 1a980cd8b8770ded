import Testing

@testable import AccessControl

@Suite("What a request needs")
struct AccessRuleTests {
    @Test(
        "Each request needs the scope of what it does",
        arguments: [
            ("GET", "/v1/status", AccessScope.read), ("GET", "/v1/logs", .read), ("GET", "/metrics", .read),
            ("GET", "/v1/invocations", .read), ("GET", "/v1/invocations/1", .invoke),
            ("DELETE", "/v1/invocations/1", .admin), ("POST", "/v1/functions/a/invoke", .invoke),
            ("POST", "/v1/functions/a/rollback", .deploy), ("PUT", "/v1/functions/a/aliases/live", .deploy),
            ("POST", "/v1/topics/t/publish", .invoke), ("POST", "/v1/dead/purge", .admin),
            ("POST", "/v1/erase", .admin),
            ("POST", "/2015-03-31/functions/a/invocations", .invoke), ("GET", "/2015-03-31/functions", .read),
            ("POST", "/2015-03-31/functions", .deploy), ("PUT", "/2017-10-31/functions/a/concurrency", .deploy),
            ("POST", "/something", .admin),
            // Names may be the words that operations have.
            ("DELETE", "/v1/functions/invoke", .deploy), ("PUT", "/v1/functions/a/aliases/invoke", .deploy),
            ("PUT", "/2015-03-31/functions/a/aliases/invocations", .deploy),
            ("DELETE", "/2015-03-31/functions/invocations", .deploy),
        ])
    func requests(method: String, path: String, needed: AccessScope) {
        #expect(AccessRule.needed(method: method, path: path) == needed)
    }

    @Test(
        "Operations on queues too",
        arguments: [
            ("SendMessage", AccessScope.invoke), ("ReceiveMessage", .invoke), ("GetQueueUrl", .read),
            ("CreateQueue", .deploy), ("PurgeQueue", .admin),
        ])
    func operations(name: String, needed: AccessScope) {
        #expect(AccessRule.needed(method: "POST", path: "/", operation: name) == needed)
    }
}
