import Foundation
import Testing

@testable import Controller

/// Everything of a function that is neither its code nor its configuration.
@Suite struct LambdaResourceTests {
    private let fixture: LambdaFixture
    private let path = "\(LambdaFixture.path)/hello"

    init() async throws {
        fixture = try LambdaFixture()
        try await fixture.create()
    }

    @Test("An alias names published numbers, with a weight for one more")
    func aliases() async throws {
        #expect(
            try await fixture.call("POST", "\(path)/aliases", ["Name": "live", "FunctionVersion": "1"]).status == 404)
        try await fixture.call("POST", "\(path)/versions", [:])
        try await fixture.call("PUT", "\(path)/configuration", ["Timeout": 8])
        try await fixture.call("POST", "\(path)/versions", ["Description": "second"])
        let made = try await fixture.call("POST", "\(path)/aliases", ["Name": "live", "FunctionVersion": "1"])
        #expect(made.status == 201 && made["AliasArn"]?.text?.hasSuffix(":hello:live") == true)
        #expect(made["RoutingConfig"] == nil)
        let twice = try await fixture.call("POST", "\(path)/aliases", ["Name": "live", "FunctionVersion": "1"])
        #expect(twice.status == 409 && twice["message"]?.text?.hasPrefix("Alias already exists: arn:") == true)
        let canary = try await fixture.call(
            "PUT", "\(path)/aliases/live", ["RoutingConfig": ["AdditionalVersionWeights": ["2": .number(0.25)]]])
        #expect(canary["FunctionVersion"] == "1")
        #expect(canary["RoutingConfig"]?["AdditionalVersionWeights"]?["2"]?.double == 0.25)
        let moved = try await fixture.call(
            "PUT", "\(path)/aliases/live", ["FunctionVersion": "2", "RoutingConfig": ["AdditionalVersionWeights": [:]]])
        #expect(moved["FunctionVersion"] == "2" && moved["RoutingConfig"] == nil)
        let stale = try await fixture.call(
            "PUT", "\(path)/aliases/live", ["RevisionId": "old", "FunctionVersion": "1"])
        #expect(stale.status == 412)
        #expect(try await fixture.call("GET", "\(path)/aliases?FunctionVersion=2")["Aliases"]?.list?.count == 1)
        #expect(try await fixture.call("GET", "\(path)/configuration?Qualifier=live")["Version"] == "2")
        #expect(try await fixture.call("DELETE", "\(path)/aliases/live").status == 204)
        #expect(try await fixture.call("GET", "\(path)/aliases/live").status == 404)
        for name in ["7", "a b", ""] {
            #expect(
                try await fixture.call("POST", "\(path)/aliases", ["Name": .text(name), "FunctionVersion": "1"]).status
                    == 400)
        }
    }

    @Test("Reserved concurrency is workers.max without a queue")
    func concurrency() async throws {
        let url = "/2017-10-31/functions/hello/concurrency"
        #expect(
            try await fixture.call("PUT", url, ["ReservedConcurrentExecutions": 5])["ReservedConcurrentExecutions"] == 5
        )
        #expect(fixture.text("hello/function.yaml")?.contains("workers:\n  max: 5\n  queue: 0\n") == true)
        #expect(
            try await fixture.call("GET", "/2019-09-30/functions/hello/concurrency")["ReservedConcurrentExecutions"]
                == 5)
        #expect(try await fixture.call("GET", path)["Concurrency"] == ["ReservedConcurrentExecutions": 5])
        #expect(try await fixture.call("PUT", url, ["ReservedConcurrentExecutions": 0]).status == 200)
        #expect(try await fixture.call("DELETE", url).status == 204)
        #expect(try await fixture.call("GET", "/2019-09-30/functions/hello/concurrency").body == [:])
        #expect(fixture.text("hello/function.yaml")?.contains("workers") == false)
    }

    @Test("An event invoke configuration is `async`: PUT replaces, POST merges")
    func eventInvoke() async throws {
        let url = "/2019-09-25/functions/hello/event-invoke-config"
        #expect(try await fixture.call("GET", url).status == 404)
        #expect(try await fixture.call("PUT", url, [:]).error == "InvalidParameterValueException")
        let put = try await fixture.call(
            "PUT", url,
            [
                "MaximumRetryAttempts": 0,
                "DestinationConfig": ["OnFailure": ["Destination": "arn:aws:sqs:eu-west-1:123456789012:dead"]],
            ])
        #expect(put["MaximumRetryAttempts"] == 0 && put["MaximumEventAgeInSeconds"] == nil)
        #expect(put["LastModified"]?.double == 1_700_000_000.5)
        #expect(put["FunctionArn"]?.text?.hasSuffix(":hello:$LATEST") == true)
        let merged = try await fixture.call("POST", url, ["MaximumEventAgeInSeconds": 600])
        #expect(merged["MaximumRetryAttempts"] == 0 && merged["MaximumEventAgeInSeconds"] == 600)
        #expect(merged["DestinationConfig"]?["OnFailure"]?["Destination"] == "arn:aws:sqs:us-east-1:000000000000:dead")
        let manifest = try #require(fixture.text("hello/function.yaml"))
        #expect(
            manifest.contains("attempts: 1") && manifest.contains("maxAge: 600s") && manifest.contains("topic:dead"))
        let replaced = try await fixture.call("PUT", url, ["MaximumRetryAttempts": 2])
        #expect(replaced["MaximumEventAgeInSeconds"] == nil)
        #expect(try await fixture.call("GET", "\(url)/list")["FunctionEventInvokeConfigs"]?.list?.count == 1)
        #expect(try await fixture.call("DELETE", url).status == 204)
        #expect(try await fixture.call("GET", url).status == 404)
        let sns = try await fixture.call(
            "PUT", url, ["DestinationConfig": ["OnSuccess": ["Destination": "arn:aws:sns:a:1:b"]]])
        #expect(sns.error == "InvalidParameterValueException")
    }

    @Test("An event source mapping is a topic in triggers, beside the routes that the function has by default")
    func mappings() async throws {
        let url = "/2015-03-31/event-source-mappings"
        let arn: ServiceJSON = "arn:aws:sqs:us-east-1:000000000000:orders"
        let made = try await fixture.call("POST", "\(url)/", ["FunctionName": "hello", "EventSourceArn": arn])
        #expect(made.status == 202, "\(made.body)")
        #expect(made["State"] == "Creating" && made["BatchSize"] == 10 && made["EventSourceArn"] == arn)
        let uuid = try #require(made["UUID"]?.text)
        #expect(uuid.count == 36)
        let manifest = try #require(fixture.text("hello/function.yaml"))
        #expect(
            manifest.contains("path: \"/hello\"\n") && manifest.contains("name: orders\n")
                && manifest.contains("batch: 10")
        )
        #expect(try await fixture.call("GET", "\(url)/\(uuid)")["State"] == "Enabled")
        #expect(try await fixture.call("POST", url, ["FunctionName": "hello", "EventSourceArn": arn]).status == 409)
        let wide = try await fixture.call("PUT", "\(url)/\(uuid)", ["BatchSize": 100])
        #expect(wide.error == "InvalidParameterValueException")
        let changed = try await fixture.call(
            "PUT", "\(url)/\(uuid)",
            [
                "BatchSize": 100, "MaximumBatchingWindowInSeconds": 2,
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
                "ScalingConfig": ["MaximumConcurrency": 3],
            ])
        #expect(changed["MaximumBatchingWindowInSeconds"] == 2 && changed["ScalingConfig"] == ["MaximumConcurrency": 3])
        #expect(changed["FunctionResponseTypes"] == ["ReportBatchItemFailures"])
        let list = try await fixture.call(
            "GET", "\(url)?FunctionName=hello&EventSourceArn=arn%3Aaws%3Asqs%3Ax%3A1%3Aorders")
        #expect(list["EventSourceMappings"]?.list?.count == 1)
        #expect(try await fixture.call("DELETE", "\(url)/\(uuid)")["State"] == "Deleting")
        #expect(try await fixture.call("GET", "\(url)/\(uuid)").status == 404)
        // The routes by default are written nowhere again.
        #expect(fixture.text("hello/function.yaml")?.contains("triggers") == false)
        let stream = try await fixture.call(
            "POST", url, ["FunctionName": "hello", "EventSourceArn": "arn:aws:kinesis:a:1:stream/x"])
        #expect(stream.error == "InvalidParameterValueException")
    }

    @Test("Tags come and go, with blanks in their names")
    func tags() async throws {
        let url = "/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Ahello"
        #expect(try await fixture.call("POST", url, ["Tags": ["a": "1", "z y": "2", "k": "3"]]).status == 204)
        #expect(try await fixture.call("DELETE", "\(url)?tagKeys=a&tagKeys=z%20y").status == 204)
        #expect(try await fixture.call("GET", url)["Tags"] == ["k": "3"])
    }

    @Test("Permissions are kept, told as a policy and taken away by name")
    func permissions() async throws {
        let url = "\(path)/policy"
        #expect(try await fixture.call("GET", url).status == 404)
        let body: ServiceJSON = [
            "StatementId": "s1", "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com",
            "SourceArn": "arn:aws:events:us-east-1:000000000000:rule/x",
        ]
        let made = try await fixture.call("POST", url, body)
        #expect(made.status == 201 && made["Statement"]?.text?.contains("\"Sid\":\"s1\"") == true)
        #expect(try await fixture.call("POST", url, body).status == 409)
        let policy = try #require(try await fixture.call("GET", url)["Policy"]?.text)
        #expect(
            policy.hasPrefix("{\"Version\":\"2012-10-17\"") && policy.contains("\"Service\":\"events.amazonaws.com\""))
        let other = try await fixture.call("DELETE", "\(url)/s2")
        #expect(other.status == 404 && other["Message"] == "Statement s2 is not found in resource policy.")
        #expect(try await fixture.call("DELETE", "\(url)/s1").status == 204)
        let none = try await fixture.call("DELETE", "\(url)/s1")
        #expect(none.status == 404 && none["Message"] == "No policy is associated with the given resource.")
    }

    @Test("What clients ask beside it has an answer")
    func others() async throws {
        let account = try await fixture.call("GET", "/2016-08-19/account-settings")
        #expect(account["AccountUsage"]?["FunctionCount"] == 1)
        #expect(try await fixture.call("GET", "/2020-06-30/functions/hello/code-signing-config").status == 200)
        #expect(try await fixture.call("GET", "/2021-07-20/functions/hello/runtime-management-config").status == 200)
    }
}
