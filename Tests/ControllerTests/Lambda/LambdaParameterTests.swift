import Testing

@testable import Controller

/// Parameters that clients of Lambda send: each is obeyed or refused by its name.
@Suite struct LambdaParameterTests {
    private let fixture: LambdaFixture
    private let path = "\(LambdaFixture.path)/hello"
    private let mappings = "/2015-03-31/event-source-mappings"

    init() async throws {
        fixture = try LambdaFixture()
        try await fixture.create()
    }

    private func queue(_ name: String) -> ServiceJSON { .text("arn:aws:sqs:us-east-1:000000000000:\(name)") }

    @Test("A name may begin with a digit")
    func digit() async throws {
        try await fixture.create("0abc")
        #expect(try await fixture.call("GET", "\(LambdaFixture.path)/0abc/configuration").status == 200)
        #expect(try await fixture.call("GET", "\(LambdaFixture.path)/000000000000%3A0abc/configuration").status == 200)
    }

    @Test(
        "What lies outside of Lambda's model is a ValidationException in its words, before anything else is looked at",
        arguments: [
            (
                ["Architectures": ["foo"]],
                "Value '['foo']' at 'architectures' failed to satisfy constraint: Member must satisfy constraint: [Member "
                    + "must satisfy enum value set: [x86_64, arm64], Member must not be null]"
            ),
            (
                ["EphemeralStorage": ["Size": 3_000_000]],
                "Value '3000000' at 'ephemeralStorage.size' failed to satisfy constraint: Member must have value less "
                    + "than or equal to 10240"
            ),
            (
                ["Timeout": 901, "VpcConfig": ["SubnetIds": ["x"]]],
                "Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900"
            ),
        ] as [([String: ServiceJSON], String)])
    func model(_ more: [String: ServiceJSON], _ message: String) async throws {
        var members: [String: ServiceJSON] = [
            "FunctionName": "other", "Role": "arn:aws:iam::000000000000:role/any", "Code": ["ImageUri": "x"],
        ]
        members.merge(more) { $1 }
        let answer = try await fixture.call("POST", LambdaFixture.path, .object(members))
        #expect(answer.error == "ValidationException")
        #expect(answer["message"]?.text == "1 validation error detected: " + message)
    }

    @Test("A destination that is no ARN is a ValidationException", arguments: ["onSuccess", "onFailure"])
    func destination(_ name: String) async throws {
        let key = name.prefix(1).uppercased() + name.dropFirst()
        let answer = try await fixture.call(
            "PUT", "/2019-09-25/functions/hello/event-invoke-config",
            ["DestinationConfig": .object([key: ["Destination": "invalid"]])])
        #expect(answer.error == "ValidationException")
        #expect(answer["message"]?.text?.contains("'destinationConfig.\(name).destination' failed") == true)
    }

    @Test("A function is no destination of itself", arguments: ["OnSuccess", "OnFailure"])
    func ownDestination(_ key: String) async throws {
        let arn: ServiceJSON = "arn:aws:lambda:us-east-1:000000000000:function:hello"
        let answer = try await fixture.call(
            "PUT", "/2019-09-25/functions/hello/event-invoke-config",
            ["DestinationConfig": .object([key: ["Destination": arn]])])
        #expect(answer.error == "InvalidParameterValueException")
        #expect(answer["message"] == "You can't specify the function as a destination for itself.")
    }

    @Test("A name that looks like a region is a name, also with an alias")
    func nameLikeRegion() async throws {
        try await fixture.create("my-job-1")
        #expect(try await fixture.call("GET", "\(LambdaFixture.path)/my-job-1/configuration").status == 200)
        let answer = try await fixture.call("GET", "\(LambdaFixture.path)/my-job-1%3Alive/configuration")
        #expect(answer["Message"]?.text?.hasSuffix("function:my-job-1:live") == true)
        let partial = try await fixture.call("GET", "\(LambdaFixture.path)/000000000000%3Ahello/configuration")
        #expect(partial["FunctionName"] == "hello")
    }

    @Test("What an alias names is told with the alias's ARN")
    func aliasARN() async throws {
        try await fixture.call("POST", "\(path)/versions", [:])
        try await fixture.call("POST", "\(path)/aliases", ["Name": "live", "FunctionVersion": "1"])
        let told = try await fixture.call("GET", "\(path)/configuration?Qualifier=live")
        #expect(told["Version"] == "1" && told["FunctionArn"]?.text?.hasSuffix(":function:hello:live") == true)
    }

    @Test("Variables of more than 4 KB are refused, unless they are there already")
    func variables() async throws {
        let large = ServiceJSON.text(String(repeating: "x", count: 4097))
        let refused = try await fixture.call(
            "PUT", "\(path)/configuration", ["Environment": ["Variables": ["A": large]]])
        #expect(refused.status == 400 && refused["message"]?.text?.contains("4KB limit") == true)
        try fixture.drop(
            "hello/function.yaml", "environment: {A: \(String(repeating: "x", count: 4097))}\n")
        try await fixture.taken("hello")
        let same = try await fixture.call(
            "PUT", "\(path)/configuration", ["Environment": ["Variables": ["A": large]], "Timeout": 4])
        #expect(same.status == 200)
    }

    @Test(
        "Parameters of lists are looked at",
        arguments: ["FunctionVersion=1", "MasterRegion=us-east-1", "MaxItems=0", "Marker=nothing"])
    func lists(query: String) async throws {
        #expect(try await fixture.call("GET", "\(LambdaFixture.path)?\(query)").status == 400)
    }

    @Test("Function URLs are listed in pages")
    func urls() async throws {
        try await fixture.call("POST", "\(path)/versions", [:])
        try await fixture.call("POST", "\(path)/aliases", ["Name": "live", "FunctionVersion": "1"])
        let url = "/2021-10-31/functions/hello/url"
        for target in [url, "\(url)?Qualifier=live"] {
            #expect(try await fixture.call("POST", target, ["AuthType": "NONE"]).status == 201)
        }
        let first = try await fixture.call("GET", "/2021-10-31/functions/hello/urls?MaxItems=1")
        #expect(first["FunctionUrlConfigs"]?.list?.count == 1)
        let marker = try #require(first["NextMarker"]?.text)
        let second = try await fixture.call("GET", "/2021-10-31/functions/hello/urls?MaxItems=1&Marker=\(marker)")
        #expect(second["FunctionUrlConfigs"]?.list?.count == 1 && second["NextMarker"] == nil)
    }

    @Test(
        "A mapping of a FIFO queue has neither a window nor more than ten at once",
        arguments: [["MaximumBatchingWindowInSeconds": 1], ["BatchSize": 11]] as [[String: ServiceJSON]])
    func fifo(_ more: [String: ServiceJSON]) async throws {
        var members: [String: ServiceJSON] = ["FunctionName": "hello", "EventSourceArn": queue("orders.fifo")]
        members.merge(more) { $1 }
        let answer = try await fixture.call("POST", mappings, .object(members))
        #expect(answer.status == 400 && answer["message"]?.text?.contains("FIFO") == true)
    }

    @Test("Mappings of an alias are listed for it alone, and go to no version that is not there")
    func mappingAlias() async throws {
        try await fixture.call("POST", "\(path)/versions", [:])
        try await fixture.call("POST", "\(path)/aliases", ["Name": "live", "FunctionVersion": "1"])
        try await fixture.call("POST", mappings, ["FunctionName": "hello", "EventSourceArn": queue("one")])
        let made = try await fixture.call(
            "POST", mappings, ["FunctionName": "hello:live", "EventSourceArn": queue("two")])
        let uuid = try #require(made["UUID"]?.text)
        for (name, count) in [("hello", 2), ("hello%3Alive", 1), ("hello%3A%24LATEST", 1)] {
            let answer = try await fixture.call("GET", "\(mappings)?FunctionName=\(name)")
            #expect(answer["EventSourceMappings"]?.list?.count == count, "\(name)")
        }
        #expect(try await fixture.call("PUT", "\(mappings)/\(uuid)", ["FunctionName": "hello:9"]).status == 404)
        let numbered = try await fixture.call("PUT", "\(mappings)/\(uuid)", ["FunctionName": "hello:1"])
        #expect(numbered.status == 202)
        #expect(numbered["FunctionArn"]?.text?.hasSuffix(":function:hello:1") == true)
        #expect(try await fixture.call("PUT", "\(mappings)/\(uuid)", ["FunctionName": "hello:no"]).status == 404)
        #expect(try await fixture.call("PUT", "\(mappings)/\(uuid)", ["FunctionName": "hello"]).status == 202)
    }

    @Test("A permission is for an action of Lambda's", arguments: ["foo", "lambda:", "lambda:a b", "s3:GetObject"])
    func action(_ action: String) async throws {
        let answer = try await fixture.call(
            "POST", "\(path)/policy", ["StatementId": "s", "Action": .text(action), "Principal": "*"])
        #expect(answer.error == "ValidationException")
    }

    @Test("Tags that are set at the same time are all kept")
    func tagsAtOnce() async throws {
        let url = "/2017-03-31/tags/arn:aws:lambda:us-east-1:000000000000:function:hello"
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<16 {
                group.addTask {
                    try await fixture.call("POST", url, ["Tags": .object(["k\(number)": "v"])]).status
                }
            }
            for try await status in group { #expect(status == 204) }
        }
        #expect(try await fixture.call("GET", url)["Tags"]?.object?.count == 16)
    }
}
