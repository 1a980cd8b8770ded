import Testing

@testable import FunctionImport

@Suite("serverless.yml, stack.yml and func.yaml")
struct OtherFormatsTests {
    private func texts(_ text: String, environment: [String: String] = [:]) throws -> [String: String] {
        let plan = try Importer.plan(text, path: "file", environment: environment)
        return try Dictionary(
            uniqueKeysWithValues: plan.functions.map { ($0.name, try $0.manifest.text(source: "file")) })
    }

    @Test("The Serverless Framework's functions, events and variables")
    func serverless() throws {
        let texts = try texts(
            """
            service: shop
            custom: {table: "orders-${self:provider.stage}"}
            provider:
              name: aws
              runtime: nodejs20.x
              stage: ${opt:stage, 'dev'}
              environment: {TABLE: "${self:custom.table}", HOME_KEY: "${env:KEY, 'none'}"}
            functions:
              take:
                handler: src/take.main
                timeout: 10
                events:
                  - httpApi: POST /orders
                  - http: {path: "orders/{id}", method: get}
                  - schedule: rate(1 hour)
                  - sqs: {arn: "arn:aws:sqs:eu-north-1:1:jobs", batchSize: 5}
            """, environment: ["KEY": "k"])
        let take = try #require(texts["take"])
        for line in [
            "runtime: nodejs20.x", "handler: src/take.main", "memory: 1024Mi", "timeout: 10s", "path: /orders",
            "path: /orders/{id}", "every: 1h", "name: jobs", "batch: 5", "HOME_KEY: k",
        ] {
            #expect(take.contains(line), "\(line) is missing in:\n\(take)")
        }
    }

    @Test("A variable that only a deployment knows is a note, not a guess")
    func unknownVariable() throws {
        let plan = try Importer.plan(
            """
            service: s
            provider: {name: aws, runtime: python3.12}
            functions: {f: {handler: a.b, environment: {X: "${ssm:/secret}"}}}
            """, path: "file")
        #expect(plan.notes.contains { $0.place == "functions.f.environment.X" })
    }

    @Test("OpenFaaS's functions get an adapter for their template's signature")
    func openFaaS() throws {
        let plan = try Importer.plan(
            """
            provider: {name: openfaas, gateway: "http://127.0.0.1:8080"}
            functions:
              hello:
                lang: python3
                handler: ./hello
                image: hello:latest
                environment: {exec_timeout: 20s, MODE: fast}
                limits: {memory: 64m}
                secrets: [token]
                annotations: {topic: "a, b", schedule: "*/5 * * * *"}
              made:
                lang: go
                handler: ./made
            """, path: "stack.yml")
        let hello = try #require(plan.functions.first)
        let text = try hello.manifest.text(source: "stack.yml")
        for line in [
            "runtime: python", "handler: glo_openfaas.handle", "timeout: 20s", "memory: 64Mi", "MODE: fast",
            "path: /function/hello", "name: a", "name: b", "cron:", "- token",
        ] {
            #expect(text.contains(line), "\(line) is missing in:\n\(text)")
        }
        #expect(hello.files.map(\.name) == ["glo_openfaas.py"])
        #expect(plan.notes.contains { $0.place == "functions.made" && $0.message.contains("go") })
    }

    @Test("Fn's function keeps its limits, settings and triggers")
    func fn() throws {
        let text = try #require(
            try texts(
                """
                schema_version: 20180708
                name: greet
                runtime: python
                memory: 256
                timeout: 20
                config: {WHO: world}
                triggers: [{name: t, type: http, source: /greet}]
                """)["greet"])
        for line in ["memory: 256Mi", "timeout: 20s", "WHO: world", "path: /greet", "handler: glo_fn.handle"] {
            #expect(text.contains(line), "\(line) is missing in:\n\(text)")
        }
    }

    @Test("A file of none of the formats says what can be imported")
    func unknown() {
        let error = #expect(throws: ImportError.self) { try Importer.plan("a: 1", path: "x.yml") }
        #expect(error?.hint?.contains("SAM") == true)
    }
}
