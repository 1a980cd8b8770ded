import Testing

@testable import FunctionImport

@Suite("No route opens by an import")
struct ProtectionTests {
    private func routes(_ text: String) throws -> (paths: [String], notes: [ImportNote]) {
        let plan = try Importer.plan(text, path: "file")
        let function = try #require(plan.functions.first)
        guard case .list(let triggers)? = function.manifest["triggers"] else { return ([], plan.notes) }
        let paths = triggers.compactMap { trigger -> String? in
            guard case .mapping(let kinds) = trigger, let http = kinds.first(where: { $0.key == "http" }),
                case .mapping(let members) = http.value, let path = members.first(where: { $0.key == "path" }),
                case .text(let text) = path.value
            else { return nil }
            return text
        }
        return (paths, plan.notes)
    }

    private func isWritten(sam event: String, _ rest: String = "", globals: String = "{}", more: String = "") throws
        -> Bool
    {
        let (paths, notes) = try routes(
            """
            Transform: AWS::Serverless-2016-10-31
            Globals: \(globals)
            Parameters: {Closed: {Type: String}, Mode: {Type: String, Default: "NONE"}}
            Resources:
              Api: {Type: AWS::Serverless::Api, Properties: {StageName: live\(rest)}}
              Http: {Type: AWS::Serverless::HttpApi, Properties: {StageName: live\(rest)}}
              f:
                Type: AWS::Serverless::Function
                Properties: {Runtime: python3.12, Handler: a.b, Events: {E: \(event)}}
            \(more)
            """)
        if paths.isEmpty {
            #expect(notes.contains { $0.place.contains("Events.E") && $0.message.contains("not written") }, "\(notes)")
        }
        return !paths.isEmpty
    }

    private static let onAPI = "{Type: Api, Properties: {RestApiId: !Ref Api, Path: /a, Method: get}}"
    private static let onHTTP = "{Type: HttpApi, Properties: {ApiId: !Ref Http, Path: /a, Method: get}}"

    @Test(
        "What an API's own properties may protect is not written",
        arguments: [
            ", Auth: {DefaultAuthorizer: A}", ", Auth: {ApiKeyRequired: true}", ", Auth: {ApiKeyRequired: !Ref Closed}",
            ", Auth: {ResourcePolicy: {CustomStatements: []}}", ", Auth: {UsagePlan: {CreateUsagePlan: SHARED}}",
            ", Auth: text", ", Auth: !Ref Closed", ", Auth: {'Fn::Transform': {Name: x}}", ", Auth: {Something: new}",
            ", DefinitionBody: {security: [{a: []}]}", ", DefinitionBody: {paths: {/a: {get: {security: [{a: []}]}}}}",
            ", DefinitionBody: {paths: {/a: {get: {x-amazon-apigateway-auth: {type: AWS_IAM}}}}}",
            ", DefinitionBody: {x-amazon-apigateway-policy: {}}",
            ", DefinitionBody: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: x}}}",
            ", DefinitionBody: {paths: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: x}}}}",
            ", DefinitionBody: {paths: !Ref Closed}", ", DefinitionUri: s3://b/k", ", DefinitionUri: gone.yaml",
            ", DefinitionUri: ../up.yaml", ", DefinitionUri: /etc/hostname", ", DefinitionUri: {Bucket: b, Key: k}",
            ", EndpointConfiguration: PRIVATE", ", EndpointConfiguration: {Type: PRIVATE}",
            ", EndpointConfiguration: {Type: !Ref Closed}", ", EndpointConfiguration: {VPCEndpointIds: [x]}",
            ", Domain: {DomainName: d, MutualTlsAuthentication: {TruststoreUri: x}}", ", Domain: !Ref Closed",
            ", Domain: {DomainName: d, EndpointConfiguration: PRIVATE}", ", DisableExecuteApiEndpoint: true",
            ", SomethingNew: {a: b}", ", Policy: {Statement: []}",
        ])
    func apiProperties(_ property: String) throws {
        #expect(try !isWritten(sam: Self.onAPI, property))
        #expect(try !isWritten(sam: Self.onHTTP, property))
    }

    @Test(
        "What protects nothing does not keep a route from being written",
        arguments: [
            "", ", Auth: {Authorizers: {A: {}}}", ", Auth: {ApiKeyRequired: false}",
            ", Auth: {AddDefaultAuthorizerToCorsPreflight: false}",
            ", Auth: {UsagePlan: {CreateUsagePlan: NONE}}", ", Cors: \"'*'\"", ", EndpointConfiguration: REGIONAL",
            ", EndpointConfiguration: {Type: EDGE}", ", DefinitionBody: {paths: {/a: {get: {security: []}}}}",
            ", DefinitionBody: {paths: {/a: {get: {x-amazon-apigateway-integration: {uri: !Sub '${Closed}'}}}}}",
            ", Domain: {DomainName: d, CertificateArn: c}", ", DisableExecuteApiEndpoint: false", ", Auth: ~",
        ])
    func openProperties(_ property: String) throws {
        #expect(try isWritten(sam: Self.onAPI, property))
        #expect(try isWritten(sam: Self.onHTTP, property))
    }

    @Test(
        "What an event itself says of its protection counts",
        arguments: [
            ("Auth: {Authorizer: A}", false), ("Auth: {Authorizer: AWS_IAM}", false),
            ("Auth: {Authorizer: NONE}", true),
            ("Auth: {Authorizer: !Ref Closed}", false), ("Auth: {Authorizer: !Ref Mode}", true),
            ("Auth: {ApiKeyRequired: true}", false), ("Auth: {ApiKeyRequired: false}", true),
            ("Auth: {ResourcePolicy: {}}", false), ("Auth: {AuthorizationScopes: [a]}", false),
            ("Auth: !Ref Closed", false),
            ("Auth: NONE", false), ("Auth: {New: x}", false), ("InvokeRole: x", false), ("Auth: {}", true),
        ])
    func events(_ auth: String, _ expected: Bool) throws {
        let event = "{Type: Api, Properties: {Path: /a, Method: get, \(auth)}}"
        #expect(try isWritten(sam: event) == expected)
    }

    @Test(
        "Globals and resources beside the API count",
        arguments: [
            ("{Api: {Auth: {DefaultAuthorizer: A}}}", "", false),
            ("{Api: {EndpointConfiguration: PRIVATE}}", "", false),
            ("{Api: {Auth: {ResourcePolicy: {}}}}", "", false), ("{HttpApi: {Auth: {DefaultAuthorizer: A}}}", "", true),
            ("{}", "  W: {Type: AWS::WAFv2::WebACLAssociation}", false),
            ("{}", "  W: {Type: AWS::WAFRegional::WebACLAssociation}", false),
            ("{}", "  W: {Type: AWS::ApiGateway::UsagePlan}", false),
            ("{}", "  W: {Type: AWS::ApiGateway::Authorizer}", false),
            ("{}", "  W: {Type: AWS::ApiGateway::DomainName, Properties: {MutualTlsAuthentication: {}}}", false),
            ("{}", "  W: {Type: AWS::ApiGatewayV2::DomainName, Properties: {DomainName: d}}", true),
            ("{}", "  W: {Type: AWS::S3::Bucket}", true), ("{}", "  W: !Transform {Name: x}", false),
            ("{}", "  'Fn::ForEach::W': [a, [b], {}]", false),
            ("{}", "  ServerlessRestApi: {Type: AWS::ApiGateway::RestApi}", false),
        ])
    func beside(_ globals: String, _ more: String, _ expected: Bool) throws {
        let event = "{Type: Api, Properties: {Path: /a, Method: get}}"
        #expect(try isWritten(sam: event, globals: globals, more: more) == expected)
    }

    @Test(
        "An API that is not in the file protects what it may",
        arguments: [
            "!Ref Gone", "!ImportValue x", "abc123", "!Ref f", "!GetAtt Other.Outputs.Api", "!If [A, !Ref Api, x]",
        ])
    func foreign(_ api: String) throws {
        #expect(try !isWritten(sam: "{Type: Api, Properties: {RestApiId: \(api), Path: /a, Method: get}}"))
    }

    @Test("A macro that changes the template may protect anything")
    func macro() throws {
        let text = """
            Transform: [AWS::Serverless-2016-10-31, Own]
            Resources:
              f:
                Type: AWS::Serverless::Function
                Properties:
                  Runtime: python3.12
                  Handler: a.b
                  Events: {E: {Type: Api, Properties: {Path: /a, Method: get}}}
            """
        #expect(try routes(text).paths == [])
    }

    @Test(
        "An event that says nothing is no route",
        arguments: [
            "{Type: Api}", "{Type: Api, Properties: }", "{Type: Api, Properties: {}}", "{Type: HttpApi, Properties: }",
            "{Type: HttpApi, Path: /a, Method: get}", "{Type: HttpApi, Properties: {path: /a}}",
            "{Type: HttpApi, Properties: {Path: /a}}", "{Type: HttpApi, Properties: {Method: get}}",
            "{Type: HttpApi, Properties: {Path: !Ref Closed, Method: get}}", "{Type: HttpApi, Properties: !Ref Closed}",
            "{Type: Api, Properties: {Path: 'a b', Method: get}}",
            "{Type: Api, Properties: {Path: '/a-{b}', Method: get}}",
            "{Type: Api, Properties: {Path: /_/x, Method: get}}", "{Type: Api, Properties: {Path: /a, Method: TRACE}}",
            "{Properties: {Path: /a, Method: get}}",
        ])
    func silentEvents(_ event: String) throws { #expect(try !isWritten(sam: event)) }

    // MARK: Serverless Framework

    private func isWritten(serverless event: String, provider: String = "", rest: String = "") throws -> Bool {
        let (paths, notes) = try routes(
            """
            service: s
            provider: {name: aws, runtime: python3.12\(provider)}
            functions: {f: {handler: a.b, events: [\(event)]}}
            \(rest)
            """)
        if paths.isEmpty {
            #expect(notes.contains { $0.place.contains("events[0]") && $0.message.contains("not written") }, "\(notes)")
        }
        return !paths.isEmpty
    }

    @Test(
        "What the Serverless Framework protects elsewhere is not written",
        arguments: [
            ("http: {path: a, method: get, authorizer: aws_iam}", "", ""),
            ("http: {path: a, method: get, authorizer: {name: x}}", "", ""),
            ("http: {path: a, method: get, authorizer: '${ssm:/x}'}", "", ""),
            ("http: {path: a, method: get, private: true}", "", ""),
            ("http: {path: a, method: get, private: '${opt:p}'}", "", ""),
            ("http: {path: a, method: get, scopes: [x]}", "", ""),
            ("httpApi: {path: /a, method: get, authorizer: {type: aws_iam}}", "", ""),
            ("http: GET /a", ", apiGateway: {resourcePolicy: [{Effect: Deny}]}", ""),
            ("http: GET /a", ", apiGateway: {restApiId: x}", ""), ("http: GET /a", ", apiGateway: {usagePlan: {}}", ""),
            ("http: GET /a", ", apiGateway: {apiKeys: [a]}", ""),
            ("http: GET /a", ", apiGateway: '${file(x.yml)}'", ""),
            ("http: GET /a", ", apiGateway: {disableDefaultEndpoint: true}", ""),
            ("http: GET /a", ", apiGateway: {new: x}", ""),
            ("http: GET /a", ", resourcePolicy: [{Effect: Deny}]", ""), ("http: GET /a", ", endpointType: PRIVATE", ""),
            ("http: GET /a", ", endpointType: '${opt:e}'", ""), ("http: GET /a", ", vpcEndpointIds: [x]", ""),
            ("http: GET /a", ", apiKeys: [x]", ""), ("http: GET /a", ", usagePlan: {quota: {limit: 1}}", ""),
            ("httpApi: GET /a", ", httpApi: {id: x}", ""),
            ("httpApi: GET /a", ", httpApi: {disableDefaultEndpoint: true}", ""),
            ("http: GET /a", "", "resources: {Resources: {W: {Type: AWS::WAFv2::WebACLAssociation}}}"),
            ("http: GET /a", "", "resources: [{Resources: {W: {Type: AWS::WAFv2::WebACLAssociation}}}]"),
            ("http: GET /a", "", "resources: {Resources: {ApiGatewayRestApi: {Properties: {Policy: {}}}}}"),
            (
                "http: GET /a", "",
                "resources: {extensions: {ApiGatewayMethodAGet: {Properties: {AuthorizationType: AWS_IAM}}}}"
            ),
            (
                "httpApi: GET /a", "",
                "resources: {extensions: {HttpApi: {Properties: {DisableExecuteApiEndpoint: true}}}}"
            ),
            ("http: GET /a", "", "resources: {Resources: {A: {Type: AWS::ApiGateway::Authorizer}}}"),
            ("http: GET /a", "", "resources: '${file(gone.yml)}'"), ("http: GET /a", "", "resources: ['${ssm:/x}']"),
            ("http: GET /a", "", "custom: {associateWaf: {name: x}}"),
            ("http: GET /a", "", "plugins: [serverless-associate-waf]"),
            ("httpApi: GET /a", "", "custom: {customDomain: {tlsTruststoreUri: s3://x}}"),
        ])
    func serverlessClosed(_ event: String, _ provider: String, _ rest: String) throws {
        #expect(try !isWritten(serverless: "{\(event)}", provider: provider, rest: rest))
    }

    @Test(
        "What is open there is written",
        arguments: [
            ("http: GET /a", "", ""), ("http: {path: a, method: get, private: false, cors: true}", "", ""),
            ("httpApi: {path: /a, method: get, authorizer: }", "", ""),
            ("httpApi: GET /a", ", httpApi: {cors: true}", ""),
            ("httpApi: GET /a", ", httpApi: {authorizers: {a: {type: jwt}}}", ""),
            ("http: GET /a", ", endpointType: regional", ""),
            ("http: GET /a", ", apiGateway: {metrics: true, minimumCompressionSize: 1}", ""),
            ("http: GET /a", ", httpApi: {id: x}", ""), ("httpApi: GET /a", ", apiGateway: {restApiId: x}", ""),
            ("http: GET /a", "", "resources: {Resources: {T: {Type: AWS::DynamoDB::Table}}}"),
            ("http: GET /a", "", "custom: {plain: x}"), ("httpApi: '*'", "", ""),
        ])
    func serverlessOpen(_ event: String, _ provider: String, _ rest: String) throws {
        #expect(try isWritten(serverless: "{\(event)}", provider: provider, rest: rest))
    }

    @Test(
        "An item whose keys stand one level too far out is no trigger",
        arguments: [
            "{http: , path: hello, method: get}", "{httpApi: , path: /two}", "{sqs: , arn: 'arn:aws:sqs:r:1:q'}",
            "{sns: , topicName: x}", "{schedule: , rate: rate(1 hour)}", "{http: }", "{httpApi: }", "http", "~", "{}",
            "[]",
            "{http: ''}", "{http: GET}", "{http: hello}", "{http: '*'}", "{httpApi: {method: get}}",
            "{httpApi: {path: /a}}",
            "{httpApi: {path: '*', method: get}}", "{http: {path: '${opt:p}', method: get}}", "'${ssm:/event}'",
            "{http: [a]}",
        ])
    func silentItems(_ item: String) throws {
        let plan = try Importer.plan(
            "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: a.b, events: [\(item)]}}",
            path: "file")
        let function = try #require(plan.functions.first)
        #expect(function.manifest["triggers"] == .list([]))
        #expect(plan.notes.contains { $0.place.hasPrefix("functions.f.events[0]") }, "\(plan.notes)")
    }

    @Test(
        "A catch-all of an HTTP API takes the root as well",
        arguments: ["'*'", "{method: '*', path: '*'}", "{path: '*'}"])
    func catchAll(_ event: String) throws {
        let text =
            "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: a.b, events: [{httpApi: \(event)}]}}"
        #expect(try routes(text).paths == ["/", "/*"])
    }

    @Test(
        "A function URL is open only where it says so",
        arguments: [
            ("true", true), ("{cors: true}", true), ("{authorizer: }", true), ("false", false),
            ("{authorizer: aws_iam}", false), ("'${ssm:/x}'", false), ("{authorizer: '${opt:a}'}", false),
            ("[a]", false),
        ])
    func urls(_ url: String, _ expected: Bool) throws {
        let text = "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: a.b, url: \(url)}}"
        #expect(try !routes(text).paths.isEmpty == expected)
    }

    @Test("OpenFaaS's watchdog that asks for a token leaves no open route", arguments: ["true", "'${NO_SUCH}'", "'1'"])
    func watchdog(_ value: String) throws {
        let text =
            "provider: {name: openfaas}\nfunctions: {f: {lang: python3-http, handler: ./f, image: x, environment: {jwt_auth: \(value)}}}"
        #expect(try routes(text).paths == [])
    }

    @Test("A function whose condition is false is not written, and one that cannot be told has no route")
    func conditions() throws {
        let text = """
            Parameters: {Q: {Type: String}}
            Conditions: {No: !Equals [a, b], Open: !Equals [!Ref Q, x]}
            Resources:
              gone: {Type: AWS::Serverless::Function, Condition: No, Properties: {Runtime: python3.12, Handler: a.b}}
              open:
                Type: AWS::Serverless::Function
                Condition: Open
                Properties:
                  Runtime: python3.12
                  Handler: a.b
                  Events: {A: {Type: Api, Properties: {Path: /a, Method: get}}, S: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}
            """
        let plan = try Importer.plan(text, path: "file")
        #expect(plan.functions.map(\.name) == ["open"])
        #expect(try routes(text).paths == [])
        #expect(plan.notes.filter { $0.place.hasSuffix("Condition") }.count == 2)
    }
}
