import Foundation
import Testing

@testable import Controller

@Suite struct LambdaFunctionTests {
    private let fixture: LambdaFixture
    private let path = LambdaFixture.path

    init() throws { fixture = try LambdaFixture() }

    @Test("A created function lies in the directory with a manifest, serves, and is told as AWS does")
    func create() async throws {
        let answer = try await fixture.call(
            "POST", path,
            LambdaFixture.creation(
                "hello",
                [
                    "Timeout": 7, "Environment": ["Variables": ["LOG": "true"]], "Description": "a: b",
                    "Tags": ["a": "1"],
                ]))
        #expect(answer.status == 201)
        #expect(answer["State"] == "Active")
        #expect(answer["LastUpdateStatus"] == "Successful")
        #expect(answer["Version"] == "$LATEST")
        #expect(answer["FunctionArn"] == "arn:aws:lambda:us-east-1:000000000000:function:hello")
        #expect(answer["MemorySize"] == 128)
        #expect(answer["Timeout"] == 7)
        #expect(answer["Environment"] == ["Variables": ["LOG": "true"]])
        let archive = try #require(Data(base64Encoded: TinyArchive.base64([("bootstrap", LambdaFixture.script)])))
        #expect(answer["CodeSize"] == .integer(archive.count))
        #expect(answer["CodeSha256"]?.text?.count == 44)
        #expect(fixture.text("hello/bootstrap") == LambdaFixture.script)
        // The archive says 0644, as many tools do.
        #expect(try fixture.mode("hello/bootstrap") == 0o755)
        let manifest = try #require(fixture.text("hello/function.yaml"))
        #expect(manifest.contains("runtime: provided.al2023") && manifest.contains("timeout: 7s"))
        let again = try await fixture.call("POST", path, LambdaFixture.creation("hello"))
        #expect(again.status == 409 && again.error == "ResourceConflictException")
        #expect(try await fixture.call("GET", "\(path)/hello")["Tags"] == ["a": "1"])
    }

    @Test("A function that is published as it is made is told with its number and the function's own ARN")
    func createPublished() async throws {
        let answer = try await fixture.call("POST", path, LambdaFixture.creation("hello", ["Publish": true]))
        #expect(answer.status == 201)
        #expect(answer["Version"] == "1")
        #expect(answer["FunctionArn"] == "arn:aws:lambda:us-east-1:000000000000:function:hello")
        let published = try await fixture.call("GET", "\(path)/hello/configuration?Qualifier=1")
        #expect(published["FunctionArn"] == "arn:aws:lambda:us-east-1:000000000000:function:hello:1")
    }

    @Test("A function whose package has nothing to run is there as Failed, with the reason")
    func failed() async throws {
        let archive = TinyArchive.base64([("readme.txt", "nothing")])
        let answer = try await fixture.call(
            "POST", path, LambdaFixture.creation("hello", ["Code": ["ZipFile": .text(archive)]]))
        #expect(answer.status == 201)
        #expect(answer["State"] == "Failed")
        #expect(answer["StateReasonCode"] == "InvalidRuntime")
        #expect(answer["StateReason"]?.text?.contains("nothing to run") == true)
    }

    @Test("An edit in the directory shows in the API")
    func edit() async throws {
        try await fixture.create()
        let before = try await fixture.call("GET", "\(path)/hello/configuration")["RevisionId"]
        let manifest = try #require(fixture.text("hello/function.yaml"))
        try fixture.drop("hello/function.yaml", manifest.replacing("timeout: 3s", with: "timeout: 42s"))
        let after = try await fixture.call("GET", "\(path)/hello/configuration")
        #expect(after["Timeout"] == 42)
        #expect(after["RevisionId"] != before)
    }

    @Test("A function that was dropped is read like any other")
    func dropped() async throws {
        try fixture.drop("plain", LambdaFixture.script, executable: true)
        try await fixture.taken("plain")
        let answer = try await fixture.call("GET", "\(path)/plain")
        let configuration = try #require(answer["Configuration"])
        #expect(configuration["CodeSize"] == .integer(LambdaFixture.script.utf8.count))
        #expect(configuration["Runtime"] == "provided.al2023")
        #expect(configuration["Role"] == "arn:aws:iam::000000000000:role/glo")
        #expect(configuration["Timeout"] == 30)
    }

    @Test(
        "New settings change their keys and nothing else",
        arguments: ["hello", "arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Ahello"])
    func configure(name: String) async throws {
        try fixture.drop("hello/bootstrap", LambdaFixture.script, executable: true)
        try fixture.drop(
            "hello/function.yaml", "# mine\nnetwork: egress\nenvironment: {AWS_REGION: eu-north-1, A: b}\n")
        try await fixture.taken("hello")
        let answer = try await fixture.call(
            "PUT", "\(path)/\(name)/configuration",
            [
                "MemorySize": 256, "Environment": ["Variables": ["AWS_REGION": "eu-north-1"]], "Layers": [],
                "VpcConfig": ["SubnetIds": [], "SecurityGroupIds": []],
            ])
        #expect(answer.status == 200, "\(answer.body)")
        #expect(answer["MemorySize"] == 256)
        let manifest = try #require(fixture.text("hello/function.yaml"))
        #expect(manifest == "# mine\nnetwork: egress\nenvironment:\n  AWS_REGION: eu-north-1\nmemory: 256Mi\n")
    }

    @Test("New code takes the old code's place; settings and the version before stay")
    func updateCode() async throws {
        try await fixture.create("hello", ["Timeout": 9])
        let first = try await fixture.call("POST", "\(path)/hello/versions", [:])
        #expect(first.status == 201 && first["Version"] == "1")
        let archive = TinyArchive.base64([("bootstrap", "#!/bin/sh\necho two\n"), ("lib/a.txt", "x")])
        let dry = try await fixture.call("PUT", "\(path)/hello/code", ["ZipFile": .text(archive), "DryRun": true])
        #expect(dry.status == 200 && fixture.text("hello/bootstrap") == LambdaFixture.script)
        let answer = try await fixture.call("PUT", "\(path)/hello/code", ["ZipFile": .text(archive), "Publish": true])
        #expect(answer["Version"] == "2" && answer["Timeout"] == 9)
        #expect(answer["CodeSha256"] == dry["CodeSha256"])
        #expect(fixture.text("hello/lib/a.txt") == "x")
        let old = try await fixture.call("GET", "\(path)/hello/configuration?Qualifier=1")
        #expect(old["CodeSha256"] == first["CodeSha256"] && old["FunctionArn"]?.text?.hasSuffix(":hello:1") == true)
        let told = try await fixture.call("GET", "\(path)/hello?Qualifier=1")
        let place = try #require(told["Code"]?["Location"]?.text)
        let file = FileManager.default.contents(atPath: "\(place.dropFirst("file://".count))/bootstrap")
        #expect(file.map { String(decoding: $0, as: UTF8.self) } == LambdaFixture.script)
        let again = try await fixture.call("POST", "\(path)/hello/versions", [:])
        #expect(again["Version"] == "2")
        let list = try await fixture.call("GET", "\(path)/hello/versions")
        #expect(list["Versions"]?.list?.map { $0["Version"]?.text } == ["$LATEST", "1", "2"])
    }

    @Test("A wrong revision is refused with 412")
    func revision() async throws {
        try await fixture.create()
        let wrong = try await fixture.call("PUT", "\(path)/hello/configuration", ["Timeout": 5, "RevisionId": "x"])
        #expect(wrong.status == 412 && wrong.error == "PreconditionFailedException")
        let current = try #require(try await fixture.call("GET", "\(path)/hello/configuration")["RevisionId"])
        let right = try await fixture.call("PUT", "\(path)/hello/configuration", ["Timeout": 5, "RevisionId": current])
        #expect(right.status == 200)
    }

    @Test("Lists come in pages")
    func list() async throws {
        for name in ["a", "b", "c"] { try await fixture.create(name) }
        let first = try await fixture.call("GET", "\(path)/?MaxItems=2")
        #expect(first["Functions"]?.list?.map { $0["FunctionName"]?.text } == ["a", "b"])
        let marker = try #require(first["NextMarker"]?.text)
        let second = try await fixture.call("GET", "\(path)?MaxItems=2&Marker=\(marker)")
        #expect(second["Functions"]?.list?.map { $0["FunctionName"]?.text } == ["c"])
        #expect(second["NextMarker"] == nil)
    }

    @Test("A version that is deleted a second time is no error, and the function stays")
    func deleteVersion() async throws {
        try await fixture.create("hello", ["Publish": true])
        for _ in 1...2 { #expect(try await fixture.call("DELETE", "\(path)/hello?Qualifier=1").status == 204) }
        let list = try await fixture.call("GET", "\(path)/hello/versions")
        #expect(list["Versions"]?.list?.map { $0["Version"]?.text } == ["$LATEST"])
        #expect(try await fixture.call("DELETE", "\(path)/other?Qualifier=1").status == 404)
    }

    @Test("A deleted function is gone from the directory and from the API, with all that was known of it")
    func delete() async throws {
        try await fixture.create("hello", ["Tags": ["a": "1"]])
        #expect(try await fixture.call("DELETE", "\(path)/hello").status == 204)
        #expect(!FileManager.default.fileExists(atPath: "\(fixture.functions)/hello"))
        let missing = try await fixture.call("GET", "\(path)/hello")
        #expect(missing.status == 404)
        #expect(missing["Message"] == "Function not found: arn:aws:lambda:us-east-1:000000000000:function:hello")
        try await fixture.create()
        #expect(try await fixture.call("GET", "\(path)/hello")["Tags"] == nil)
    }

    @Test(
        "What Glo cannot do is refused by name and nothing is written",
        arguments: [
            ("Layers", ["arn:aws:lambda:x"]), ("VpcConfig", ["SubnetIds": ["a"]]),
            ("Code", ["S3Bucket": "b", "S3Key": "k"]),
            ("Code", ["ImageUri": "x"]), ("DeadLetterConfig", ["TargetArn": "arn"]), ("Bogus", "x"),
            ("Runtime", "java21"),
            ("TracingConfig", ["Mode": "Active"]), ("KMSKeyArn", "arn"), ("Architectures", ["sparc"]),
            ("PackageType", "Image"), ("LoggingConfig", ["LogFormat": "JSON"]),
            ("SnapStart", ["ApplyOn": "PublishedVersions"]),
            ("EphemeralStorage", ["Size": 1024]), ("FileSystemConfigs", [["Arn": "x"]]),
            ("Environment", ["Variables": ["AWS_LAMBDA_FUNCTION_NAME": "x"]]),
            ("Environment", ["Variables": ["AWS_REGION": "x"]]),
            ("Environment", ["Variables": ["1": "x"]]),
        ] as [(String, ServiceJSON)])
    func unsupported(name: String, value: ServiceJSON) async throws {
        let answer = try await fixture.call("POST", path, LambdaFixture.creation("hello", [name: value]))
        // A value that the service model does not list is refused before anything looks at it.
        let error = name == "Architectures" ? "ValidationException" : "InvalidParameterValueException"
        #expect(answer.status == 400 && answer.error == error, "\(answer.body)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.functions).isEmpty)
    }

    @Test(
        "Values out of their bounds are refused in AWS's words",
        arguments: [
            ("Timeout", 901, "timeout"), ("Timeout", 0, "timeout"), ("MemorySize", 127, "memorySize"),
            ("MemorySize", 10_241, "memorySize"), ("Role", "nobody", "role"),
        ] as [(String, ServiceJSON, String)])
    func bounds(name: String, value: ServiceJSON, member: String) async throws {
        let answer = try await fixture.call("POST", path, LambdaFixture.creation("hello", [name: value]))
        #expect(answer.status == 400 && answer.error == "ValidationException")
        #expect(answer["message"]?.text?.contains("at '\(member)' failed to satisfy constraint") == true)
        #expect(answer["Type"] == nil)
    }

    @Test(
        "Archives that are not harmless are refused and leave nothing", arguments: ["../evil", "/etc/cron.d/x", "a\\b"])
    func archives(name: String) async throws {
        let archive = TinyArchive.base64([("bootstrap", LambdaFixture.script), (name, "x")])
        let answer = try await fixture.call(
            "POST", path, LambdaFixture.creation("hello", ["Code": ["ZipFile": .text(archive)]]))
        #expect(answer.status == 400 && answer.error == "InvalidParameterValueException")
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.functions).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: "\(fixture.root)/evil"))
    }

    @Test("An unknown operation, broken JSON and a wrong name have their own errors")
    func errors() async throws {
        #expect(try await fixture.call("GET", "/2018-10-31/layers").error == "UnknownOperationException")
        let name = try await fixture.call("GET", "\(path)/a%20b")
        #expect(name.status == 400 && name.error == "ValidationException")
        let both = try await fixture.call("GET", "\(path)/hello%3Aprod?Qualifier=other")
        #expect(both.error == "InvalidParameterValueException")
        let qualified = try await fixture.call("GET", "\(path)/hello?Qualifier=%24LATEST")
        #expect(qualified["Message"]?.text?.hasSuffix(":function:hello:$LATEST") == true)
    }
}
