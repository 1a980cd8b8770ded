import AdminModel
import Foundation
import TestSupport
import Testing

extension Integration {
    /// boto3 makes, changes and removes functions.
    @Suite("Functions made by AWS's clients", .controller(LambdaAPI.options) { _ in })
    struct LambdaManagement {
        private static let prelude = """
            import io, urllib.request, zipfile
            ROLE = "arn:aws:iam::000000000000:role/any"
            def archive(**files):
                buffer = io.BytesIO()
                with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zip:
                    for name, text in files.items(): zip.writestr(name.replace("__", "."), text)
                return buffer.getvalue()
            HANDLER = '''\(LambdaAPI.handler)'''
            def saying(word):
                return HANDLER.replace('base + "/response", body)', 'base + "/response", b\\'"%s"\\')' % word)
            def create(name, code=None, **more):
                settings = dict(Runtime="provided.al2023", Handler="any", Role=ROLE)
                settings.update(more)
                return client.create_function(
                    FunctionName=name, Code={"ZipFile": archive(bootstrap=code or HANDLER)}, **settings)

            """

        private func boto3(_ script: String) async throws -> JSONValue {
            try await LambdaAPI.boto3(glo, Self.prelude + script)
        }

        @Test("A function is made, waited for, invoked, changed, published, aliased and removed")
        func life() async throws {
            let told = try await boto3(
                """
                made = create("life-of-one", saying("one"), Timeout=5, Environment={"Variables": {"A": "b"}})
                for waiter in ["function_exists", "function_active_v2", "function_updated_v2", "function_active", "function_updated"]:
                    client.get_waiter(waiter).wait(FunctionName="life-of-one")
                first = invoke("life-of-one")
                versions = [client.publish_version(FunctionName="life-of-one")["Version"] for _ in range(2)]
                client.create_alias(FunctionName="life-of-one", Name="prod", FunctionVersion="1")
                client.update_function_code(FunctionName="life-of-one", ZipFile=archive(bootstrap=saying("two")))
                client.get_waiter("function_updated_v2").wait(FunctionName="life-of-one")
                second, aliased = invoke("life-of-one"), invoke("life-of-one:prod")
                client.publish_version(FunctionName="life-of-one")
                client.update_alias(
                    FunctionName="life-of-one", Name="prod",
                    RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}})
                split = [invoke("life-of-one:prod")["version"] for _ in range(200)]
                client.update_function_configuration(FunctionName="life-of-one", Timeout=9, MemorySize=256)
                after = client.get_function(FunctionName="life-of-one")["Configuration"]
                listed = [f["FunctionName"] for f in client.list_functions()["Functions"]]
                client.delete_function(FunctionName="life-of-one")
                tell([
                    made["State"], first["payload"], versions, second["payload"], aliased["payload"], aliased["version"],
                    split.count("2"), after["Timeout"], after["MemorySize"], listed,
                    failure(client.get_function, FunctionName="life-of-one")["class"],
                    failure(client.invoke, FunctionName="life-of-one")["class"],
                ])
                """)
            #expect(told[0].string == "Active")
            #expect(told[1].string == #""one""#)
            #expect(told[2].array.map(\.string) == ["1", "1"])
            #expect(told[3].string == #""two""# && told[4].string == #""one""# && told[5].string == "1")
            #expect((65...135).contains(told[6].int ?? 0))
            #expect(told[7].int == 9 && told[8].int == 256)
            #expect(told[9].array.map(\.string).contains("life-of-one"))
            #expect(told[10].string == "ResourceNotFoundException" && told[11].string == "ResourceNotFoundException")
        }

        @Test("A Python handler in a ZIP runs as it does in Lambda")
        func python() async throws {
            let told = try await boto3(
                """
                code = "def lambda_handler(event, context):\\n    return {'name': context.function_name, 'event': event}\\n"
                client.create_function(
                    FunctionName="PyHandler", Runtime="python3.12", Handler="lambda_function.lambda_handler", Role=ROLE,
                    Code={"ZipFile": archive(lambda_function__py=code)})
                client.get_waiter("function_active_v2").wait(FunctionName="PyHandler")
                tell(invoke("PyHandler", b'{"a": 1}'))
                """)
            #expect(told["error"] == .null, "\(told)")
            #expect(told["payload"].string == #"{"name": "PyHandler", "event": {"a": 1}}"#)
        }

        @Test("Reserved concurrency throttles what is above it, and 0 throttles everything")
        func concurrency() async throws {
            let told = try await boto3(
                """
                import threading
                from botocore.config import Config
                client = boto3.client("lambda", config=Config(retries={"total_max_attempts": 1}))
                create("few", Timeout=10)
                client.put_function_concurrency(FunctionName="few", ReservedConcurrentExecutions=1)
                invoke("few")
                slow = threading.Thread(target=lambda: invoke("few", b'{"sleep": 2}'))
                slow.start()
                time.sleep(0.5)
                above = failure(client.invoke, FunctionName="few", Payload=b"{}")
                slow.join()
                after = invoke("few")["payload"]
                client.put_function_concurrency(FunctionName="few", ReservedConcurrentExecutions=0)
                none = failure(client.invoke, FunctionName="few", Payload=b"{}")
                read = client.get_function_concurrency(FunctionName="few")["ReservedConcurrentExecutions"]
                client.delete_function_concurrency(FunctionName="few")
                tell([above, after, none, read, invoke("few")["payload"]])
                """)
            #expect(told[0]["class"].string == "TooManyRequestsException" && told[0]["status"].int == 429)
            #expect(told[1].string == "{}")
            #expect(told[2]["class"].string == "TooManyRequestsException")
            #expect(told[3].int == 0 && told[4].string == "{}")
        }

        @Test("Settings of events, sources, tags, permissions and URLs come back as they were given")
        func resources() async throws {
            let told = try await boto3(
                """
                arn = create("many-things", Tags={"k": "v"})["FunctionArn"]
                client.put_function_event_invoke_config(FunctionName="many-things", MaximumRetryAttempts=0)
                stamp = client.get_function_event_invoke_config(FunctionName="many-things")["LastModified"]
                source = client.create_event_source_mapping(
                    FunctionName="many-things", EventSourceArn="arn:aws:sqs:us-east-1:000000000000:orders", BatchSize=5,
                    FilterCriteria={"Filters": [{"Pattern": json.dumps({"body": {"kind": ["a"]}})}]}, Enabled=False)
                source = client.get_event_source_mapping(UUID=source["UUID"])
                client.tag_resource(Resource=arn, Tags={"a": "1", "z y": "2"})
                client.untag_resource(Resource=arn, TagKeys=["a", "z y"])
                client.add_permission(
                    FunctionName="many-things", StatementId="s", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com")
                url = client.create_function_url_config(
                    FunctionName="many-things", AuthType="NONE",
                    Cors={"AllowOrigins": ["https://example.org"], "AllowMethods": ["GET"], "MaxAge": 60})
                with urllib.request.urlopen(url["FunctionUrl"] + "deep/path?x=1") as answer:
                    event = json.loads(answer.read())
                tell([
                    stamp.year, source["State"], source["BatchSize"], source["FilterCriteria"]["Filters"][0]["Pattern"],
                    client.list_tags(Resource=arn)["Tags"], json.loads(client.get_policy(FunctionName="many-things")["Policy"]),
                    client.get_function_url_config(FunctionName="many-things")["Cors"], event["rawPath"],
                    len(client.list_functions(MaxItems=1)["Functions"]), client.get_account_settings()["AccountUsage"],
                    failure(client.create_function_url_config, FunctionName="many-things", AuthType="NONE")["class"],
                ])
                """)
            #expect((told[0].int ?? 0) > 2000)
            #expect(told[1].string == "Disabled" && told[2].int == 5)
            #expect(told[3].string == #"{"body": {"kind": ["a"]}}"#)
            #expect(told[4]["k"].string == "v" && told[4].members.count == 1)
            #expect(told[5]["Statement"][0]["Principal"]["Service"].string == "s3.amazonaws.com")
            #expect(told[6]["MaxAge"].int == 60 && told[6]["AllowMethods"][0].string == "GET")
            #expect(told[7].string == "/deep/path")
            #expect(told[8].int == 1 && (told[9]["FunctionCount"].int ?? 0) >= 1)
            #expect(told[10].string == "ResourceConflictException")
        }

        @Test("Refusals are the exceptions of Lambda's model")
        func refusals() async throws {
            let told = try await boto3(
                """
                def made(**more):
                    settings = dict(
                        FunctionName="never", Runtime="python3.12", Handler="a.b", Role=ROLE,
                        Code={"ZipFile": archive(a__py="")})
                    settings.update(more)
                    return failure(client.create_function, **settings)["class"]
                evil = io.BytesIO()
                with zipfile.ZipFile(evil, "w") as zip: zip.writestr("../evil", "x")
                create("twice")
                tell([
                    made(Layers=["arn:aws:lambda:us-east-1:000000000000:layer:x:1"]), made(Code={"ZipFile": evil.getvalue()}),
                    made(Code={"ZipFile": b"no archive"}), made(Timeout=901), made(FunctionName="twice"),
                    failure(client.get_function, FunctionName="missing")["message"],
                    failure(client.update_function_configuration, FunctionName="twice", RevisionId="x")["class"],
                ])
                """)
            #expect(
                told.array.map(\.string) == [
                    "InvalidParameterValueException", "InvalidParameterValueException",
                    "InvalidParameterValueException",
                    "ClientError", "ResourceConflictException",
                    "Function not found: arn:aws:lambda:us-east-1:000000000000:function:missing",
                    "PreconditionFailedException",
                ])
        }
    }
}
