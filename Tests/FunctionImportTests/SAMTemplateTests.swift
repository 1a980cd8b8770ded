import Testing

@testable import FunctionImport

@Suite("SAM templates")
struct SAMTemplateTests {
    private func manifest(_ text: String, of name: String) throws -> String {
        let plan = try Importer.plan(text, path: "template.yaml")
        let function = try #require(plan.functions.first { $0.name == name })
        return try function.manifest.text(source: "template.yaml")
    }

    private static let orders = """
        Transform: AWS::Serverless-2016-10-31
        Parameters:
          Stage: {Type: String, Default: prod}
        Globals:
          Function:
            Runtime: python3.12
            Timeout: 7
            Environment: {Variables: {LOG: info, STAGE: !Ref Stage}}
        Resources:
          Queue:
            Type: AWS::SQS::Queue
            Properties: {QueueName: !Sub "orders-${Stage}", RedrivePolicy: {maxReceiveCount: 5}}
          OrderTaker:
            Type: AWS::Serverless::Function
            Properties:
              Handler: app.handle
              CodeUri: src/
              MemorySize: 256
              Environment: {Variables: {LOG: debug, QUEUE: !GetAtt Queue.Arn}}
              Policies: [AmazonSQSFullAccess]
              Events:
                Take: {Type: HttpApi, Properties: {Path: "/orders/{id}", Method: post}}
                Work:
                  Type: SQS
                  Properties:
                    Queue: !GetAtt Queue.Arn
                    BatchSize: 20
                    MaximumBatchingWindowInSeconds: 2
                    FunctionResponseTypes: [ReportBatchItemFailures]
                Clean: {Type: Schedule, Properties: {Schedule: rate(5 minutes)}}
        """

    @Test("Properties, globals and parameters become a manifest")
    func manifest() throws {
        let text = try manifest(Self.orders, of: "order-taker")
        for line in [
            "runtime: python3.12", "handler: app.handle", "memory: 256Mi", "timeout: 7s", "LOG: debug", "STAGE: prod",
            "path: /orders/{id}", "name: orders-prod", "batch: 20", "window: 2s", "every: 5m", "attempts: 5",
        ] {
            #expect(text.contains(line), "\(line) is missing in:\n\(text)")
        }
        #expect(text.contains("- POST"))
    }

    @Test("What is not carried over is told with its place")
    func notes() throws {
        let plan = try Importer.plan(Self.orders, path: "template.yaml")
        let places = plan.notes.map(\.place)
        #expect(places == ["Resources.OrderTaker", "Resources.OrderTaker.Properties.Policies"])
        #expect(plan.functions.first?.sourceDirectory == "src/")
    }

    private static let odd = """
        x-common: &common
          Runtime: python3.12
          Handler: app.handler
          CodeUri: src/
          MemorySize: 256
        Resources:
          Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs.fifo, FifoQueue: true, VisibilityTimeout: 60}}
          One:
            Type: AWS::Serverless::Function
            Condition: IsProd
            Properties:
              <<: *common
              FunctionName: KeptName
              MemorySize: 512
              EphemeralStorage: {Size: 1024}
              Architectures: [riscv]
              Environment: {Variables: {QUEUE: !GetAtt Queue.Arn, SELF: {"Fn::GetAtt": [OtherOne, Arn]}}}
              Events:
                Q: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn, ScalingConfig: {MaximumConcurrency: 4}}}
          OtherOne:
            Type: AWS::Serverless::Function
            Properties: {<<: [*common], CodeUri: built/other.zip}
          Image: {Type: AWS::Serverless::Function, Properties: {PackageType: Image, ImageUri: x}}
        """

    @Test("Merged members, a name that callers know, ARNs of Glo's APIs and FIFO queues are carried over")
    func oddities() throws {
        let text = try manifest(Self.odd, of: "KeptName")
        for line in [
            "handler: app.handler", "memory: 512Mi", "QUEUE: arn:aws:sqs:us-east-1:000000000000:jobs.fifo",
            "SELF: arn:aws:lambda:us-east-1:000000000000:function:other-one", "name: jobs.fifo", "tmp: 512Mi",
        ] {
            #expect(text.contains(line), "\(line) is missing in:\n\(text)")
        }
        let plan = try Importer.plan(Self.odd, path: "template.yaml")
        #expect(plan.functions.map(\.sourceDirectory) == ["src/", nil, nil])
        #expect(plan.functions.map(\.sourceArchive) == [nil, "built/other.zip", nil])
    }

    @Test("Nothing of them is dropped without a word")
    func oddNotes() throws {
        let notes = try Importer.plan(Self.odd, path: "template.yaml").notes
        for place in [
            "Resources.Queue.Properties.VisibilityTimeout", "Resources.One.Condition",
            "Resources.One.Properties.Events.Q.Properties.ScalingConfig",
        ] {
            #expect(notes.contains { $0.place == place }, "\(place)")
        }
        for words in ["built for riscv", "/tmp lies in the memory"] {
            #expect(notes.contains { $0.message.contains(words) }, "\(words)")
        }
        #expect(!notes.contains { $0.place.contains("<<") })
    }

    @Test("A route that an authorizer protects is not written open")
    func authorizer() throws {
        let text = """
            Globals: {HttpApi: {Auth: {DefaultAuthorizer: Users}}}
            Resources:
              closed:
                Type: AWS::Serverless::Function
                Properties:
                  Runtime: nodejs20.x
                  Handler: index.handler
                  Events:
                    A: {Type: HttpApi, Properties: {Path: /a, Method: get}}
                    B: {Type: HttpApi, Properties: {Path: /b, Method: get, Auth: {Authorizer: NONE}}}
            """
        let manifest = try manifest(text, of: "closed")
        #expect(!manifest.contains("path: /a"))
        #expect(manifest.contains("path: /b"))
        let notes = try Importer.plan(text, path: "t").notes
        #expect(notes.contains { $0.place.hasSuffix("Events.A.Properties") && $0.message.contains("authorizer") })
    }

    @Test("A function without events has no route, as on Lambda")
    func noEvents() throws {
        let text = """
            Resources:
              alone: {Type: "AWS::Serverless::Function", Properties: {Runtime: python3.12, Handler: a.b}}
            """
        #expect(try manifest(text, of: "alone").contains("triggers: []"))
    }

    @Test("Inline code becomes the module that the handler names")
    func inlineCode() throws {
        let text = """
            Resources:
              small:
                Type: AWS::Serverless::Function
                Properties: {Runtime: python3.12, Handler: index.handler, InlineCode: "def handler(e, c): return e"}
            """
        let function = try #require(try Importer.plan(text, path: "t").functions.first)
        #expect(function.files.map(\.name) == ["index.py"])
        #expect(function.sourceDirectory == nil)
    }

    @Test("JSON with long intrinsic functions is read as well")
    func json() throws {
        let text = """
            {"Parameters": {"P": {"Default": "x"}}, "Resources": {"f": {"Type": "AWS::Serverless::Function",
             "Properties": {"Runtime": "provided.al2023", "Handler": "bootstrap", "CodeUri": "build",
             "Environment": {"Variables": {"A": {"Fn::Sub": "${P}-${AWS::Partition}"},
             "B": {"Fn::Join": ["/", ["a", {"Ref": "P"}]]}}}}}}}
            """
        let manifest = try manifest(text, of: "f")
        #expect(manifest.contains("A: x-aws"))
        #expect(manifest.contains("B: a/x"))
        #expect(!manifest.contains("handler:"))
    }

    @Test("A template without functions is an error that says so")
    func nothing() {
        #expect(throws: ImportError.self) {
            try Importer.plan("Resources: {Q: {Type: 'AWS::SQS::Queue'}}", path: "t")
        }
    }
}
