import Testing

@testable import FunctionImport

@Suite("Expressions of imported files")
struct ExpressionsTests {
    /// What a value of the environment becomes; nil when it is left out, which takes a note at its place.
    private func environment(_ text: String, path: String = "file") throws -> [String: String?] {
        let plan = try Importer.plan(text, path: path, environment: ["GIVEN": "given", "NOTHING": ""])
        let function = try #require(plan.functions.first)
        var values: [String: String?] = [:]
        if case .mapping(let members) = function.manifest["environment"] {
            for member in members {
                if case .text(let text) = member.value { values[member.key] = text }
            }
        }
        for note in plan.notes where note.place.contains("nvironment") {
            #expect(note.line != nil, "\(note)")
            let key = note.place.split(separator: ".").last.map(String.init) ?? ""
            #expect(values[key].flatMap(\.self) == nil, "\(key) has a value and a note")
            values[key] = .some(nil)
        }
        return values
    }

    private func serverless(_ expression: String) throws -> String? {
        let values = try environment(
            """
            service: shop
            custom:
              stage: dev
              map: {dev: {HOST: db, N: 3, DEEP: [a, {b: c}]}, key: dev}
              quoted: "it's {fine}"
              hole:
            params: {default: {p: 1}, dev: {q: 2}}
            provider: {name: aws, runtime: python3.12, stage: "${opt:stage, self:custom.stage}", region: eu-west-1}
            functions:
              f:
                handler: a.b
                environment:
                  X: \(expression)
            """)
        let value = try #require(values["X"], "there is neither a value nor a note")
        return value
    }

    @Test(
        "Variables of the Serverless Framework, the innermost first",
        arguments: [
            ("${self:custom.map.dev.HOST}", "db"), ("${self:custom.map.${self:custom.stage}.HOST}", "db"),
            ("${self:custom.map.${opt:stage, 'dev'}.HOST}", "db"),
            ("http://${self:custom.map.${opt:stage, \"dev\"}.HOST}:80/", "http://db:80/"),
            ("${self:custom.map.${self:custom.map.${opt:x, 'key'}}.N}", "3"),
            ("${self:custom.map.dev.DEEP.0}-${self:custom.map.dev.DEEP.1.b}", "a-c"),
            ("${opt:stage, env:NO_SUCH, \"local\"}", "local"), ("${env:GIVEN}", "given"),
            ("${env:NO_SUCH, self:custom.gone, 'a, b'}", "a, b"), ("${env:NO_SUCH, ''}", ""),
            ("${env:NOTHING, 'not this'}", ""), ("${sls:stage}-${aws:region}", "dev-eu-west-1"),
            ("${param:p}${param:q}", "12"), ("${self:custom.hole, 'nothing'}", "nothing"),
            ("${opt:x, ${opt:y, 'z'}}", "z"), ("${opt:x, '${self:custom.stage}-x'}", "dev-x"),
            ("${opt:x, 7}", "7"), ("${opt:x, true}", "true"), ("${strToBool(1)}", "true"),
            ("${self:custom.quoted}", "it's {fine}"), ("${ self:custom.stage }", nil),
        ] as [(String, String?)])
    func serverlessValues(_ expression: String, _ expected: String?) throws {
        #expect(try serverless(expression) == expected)
    }

    @Test(
        "What cannot be told of them is left out, whatever default stands behind",
        arguments: [
            "${ssm:/key}", "${ssm:/key, 'default'}", "${cf:stack.Output, 'x'}", "${s3:b/k}", "${self:custom.gone}",
            "${opt:who}", "${self:custom.map.${opt:who}.HOST, 'none'}", "${self:custom.map}", "x${self:custom.map}",
            "${AWS::Region}", "${Name}", "${opt:x, bare}", "${self:custom.stage", "${file(../up.yml):x}",
            "${file(/etc/hostname)}", "${file(code.js):x, 'x'}", "${}", "${:}", "${self:}", "a '}.b", "${env:NO_SUCH}",
            "${output:x.y}", "${self:custom.map.dev'}.HOST", "{{resolve:ssm:x}}x", "!Nope x", "!Ref Nothing",
            "[a]", "{a: b}",
        ])
    func serverlessUnknown(_ expression: String) throws {
        let needsQuotes = expression.contains("{{") || expression.hasSuffix("'}.b")
        #expect(try serverless(needsQuotes ? "\"\(expression)\"" : expression) == nil)
    }

    private func cloudFormation(_ expression: String) throws -> String? {
        let values = try environment(
            """
            Parameters:
              P: {Type: String, Default: p}
              Q: {Type: String}
              L: {Type: CommaDelimitedList, Default: "a, b,c"}
              N: {Type: List<Number>, Default: "1,2"}
              E: {Type: String, Default: ""}
              S: {Type: "AWS::SSM::Parameter::Value<String>", Default: /path}
              H: {Type: String, NoEcho: true, Default: h}
            Mappings: {M: {p: {x: found, list: [l1, l2]}}}
            Conditions:
              Yes: !Equals [!Ref P, p]
              Here: !Equals [!Ref AWS::Region, us-east-1]
              No: !Not [{Condition: Yes}]
              Both: !And [!Condition Yes, !Condition No]
              Any: !Or [!Condition Yes, !Condition Open]
              Open: !Equals [!Ref Q, x]
              Loop: !Not [!Condition Loop]
            Resources:
              Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}
              Bare: {Type: AWS::SQS::Queue}
              Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub "t-${P}"}}
              Unnamed: {Type: AWS::DynamoDB::Table}
              Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Q}}
              f:
                Type: AWS::Serverless::Function
                Properties:
                  Runtime: python3.12
                  Handler: a.b
                  Environment:
                    Variables:
                      X: \(expression)
            """)
        let value = try #require(values["X"], "there is neither a value nor a note")
        return value
    }

    @Test(
        "Functions of CloudFormation",
        arguments: [
            ("!Ref P", "p"), ("!Ref E", ""), ("{Ref: P}", "p"),
            ("!Sub '${P}-${AWS::Partition}.${AWS::URLSuffix}'", "p-aws.amazonaws.com"),
            ("!Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${P}'", "arn:aws:sqs:us-east-1:000000000000:p"),
            (
                "!Join [':', [arn, aws, sns, !Ref AWS::Region, !Ref AWS::AccountId, t]]",
                "arn:aws:sns:us-east-1:000000000000:t"
            ),
            ("!Sub ['${A}${P}', {A: !Ref P}]", "pp"), ("!Join ['-', !Ref L]", "a-b-c"),
            ("!Join ['', [x, !Ref P, !Ref AWS::NoValue]]", "xp"), ("!Join [',', !Ref N]", "1,2"),
            ("!Select [1, !Ref L]", "b"), ("!Select [0, [!Ref P]]", "p"),
            ("!Select [2, !Split ['/', 'a/b/c']]", "c"), ("!Join ['+', !Split [',', 'a,b']]", "a+b"),
            ("!FindInMap [M, !Ref P, x]", "found"), ("!Select [1, !FindInMap [M, p, list]]", "l2"),
            ("!FindInMap [M, gone, x, {DefaultValue: d}]", "d"), ("!If [Yes, a, b]", "a"), ("!If [No, a, b]", "b"),
            ("!If [Both, a, b]", "b"), ("!If [Any, a, b]", "a"), ("!If [Yes, a, !Ref Q]", "a"),
            ("!Base64 ab", "YWI="), ("{'Fn::Base64': {'Fn::Sub': '${P}:x'}}", "cDp4"), ("!Ref Queue", "q"),
            ("!GetAtt Queue.Arn", "arn:aws:sqs:us-east-1:000000000000:q"), ("!GetAtt [Queue, QueueName]", "q"),
            ("!Ref Bare", "Bare"), ("!Ref Table", "t-p"), ("!Sub '${Queue.QueueName}'", "q"),
            ("'{\"a\":{\"b\":\"}\"}}'", "{\"a\":{\"b\":\"}\"}}"),
        ])
    func cloudFormationValues(_ expression: String, _ expected: String) throws {
        #expect(try cloudFormation(expression) == expected)
    }

    @Test(
        "What cannot be told of them is left out",
        arguments: [
            "!Ref Q", "!Ref S", "!Ref H", "!Ref L", "!Ref Unnamed", "!Ref Bucket", "!Ref Gone", "!Ref AWS::StackName",
            "!Ref AWS::Region",
            "!Ref AWS::AccountId", "!Sub 'b-${AWS::AccountId}'", "!Sub 'arn:aws:s3:::b-${AWS::Region}'",
            "!FindInMap [M, !Ref AWS::Region, x]", "!If [Here, a, b]", "!Base64 {Ref: 'AWS::Region'}",
            "!Sub 'https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/q'",
            "!GetAtt Table.Arn", "!GetAtt Queue", "!GetAtt Gone.Arn", "!Sub '${Q}'", "!Sub '${L}'", "!Sub '${Open'",
            "!Sub 'x ${!literal}'", "!Join ['-', [!Ref Q]]", "!Join ['-', !Ref P]", "!Select [9, !Ref L]",
            "!Select [x, !Ref L]", "!FindInMap [M, q, x]", "!FindInMap [M, !Ref Q, x]", "!If [Open, a, b]",
            "!If [Gone, a, b]", "!If [Loop, a, b]", "!If [Yes, !Ref Q, a]", "!ImportValue x", "!Cidr [a, 1, 1]",
            "!Transform {Name: x}", "!Condition Yes", "!Unknown x", "{'Fn::Transform': {Name: x}}",
            "{'Fn::ForEach::A': x, b: c}", "'{{resolve:ssm:/x}}'", "!Sub 'a{{resolve:ssm:/x}}'", "'${P}'", "[a, b]",
            "{a: b}", "!Base64 '{{resolve:ssm:/x}}'",
        ])
    func cloudFormationUnknown(_ expression: String) throws { #expect(try cloudFormation(expression) == nil) }

    private func stack(_ value: String) throws -> String? {
        let values = try environment(
            """
            provider: {name: openfaas}
            functions: {f: {lang: python3-http, handler: ./f, image: x, environment: {X: \(value)}}}
            """)
        let value = try #require(values["X"], "there is neither a value nor a note")
        return value
    }

    @Test(
        "Variables of the shell",
        arguments: [
            ("'${GIVEN}'", "given"), ("'${GIVEN:-x}'", "given"), ("'${NO_SUCH:-x}'", "x"), ("'${NO_SUCH:-}'", ""),
            ("'${NOTHING:-x}'", "x"), ("'${NOTHING-x}'", ""), ("'${NO_SUCH-x}'", "x"), ("'${NO_SUCH:=x}'", "x"),
            ("'a${GIVEN}b${GIVEN}'", "agivenbgiven"), ("'${NO_SUCH:-${GIVEN}}'", "given"), ("'$$5'", "$5"),
            ("'$GIVEN'", "$GIVEN"), ("'100$'", "100$"), ("plain", "plain"),
            ("'${NO_SUCH:-http://x:80/}'", "http://x:80/"),
        ])
    func shellValues(_ value: String, _ expected: String) throws { #expect(try stack(value) == expected) }

    @Test(
        "What cannot be told of them is left out",
        arguments: [
            "'${NO_SUCH}'", "'http://${NO_SUCH}/'", "'${GIVEN'", "'${#GIVEN}'", "'${GIVEN/a/b}'", "'${}'",
            "'${GIVEN^^}'",
            "'${NO_SUCH:-${NO_OTHER}}'", "!Ref GIVEN", "[a]",
        ])
    func shellUnknown(_ value: String) throws { #expect(try stack(value) == nil) }

    @Test("Expressions that grow without end, or name each other, end as notes")
    func bounds() throws {
        var custom = "  a0: xxxxxxxxxx\n"
        for index in 1...40 { custom += "  a\(index): ${self:custom.a\(index - 1)}${self:custom.a\(index - 1)}\n" }
        let text = """
            service: s
            custom:
            \(custom)  ring: ${self:custom.rung}
              rung: ${self:custom.ring}
            provider: {name: aws, runtime: python3.12}
            functions: {f: {handler: a.b, environment: {X: "${self:custom.a40}", Y: "${self:custom.ring}"}}}
            """
        let values = try environment(text)
        #expect(values["X"] == .some(nil))
        #expect(values["Y"] == .some(nil))
    }

    @Test("Mappings that are merged again and again do not grow the work without end")
    func laughs() throws {
        var text = "service: s\nl0: &l0 [x, x]\n"
        for index in 1...24 { text += "l\(index): &l\(index) [*l\(index - 1), *l\(index - 1)]\n" }
        text += "provider: {name: aws, runtime: python3.12}\ncustom: *l24\n"
        text += "functions: {f: {handler: a.b, events: [{http: GET /a}]}}\n"
        let plan = try Importer.plan(text, path: "file")
        #expect(plan.functions.count == 1)
    }

    @Test("Whatever is put together of pieces of expressions, no manifest holds one", arguments: 0..<16)
    func seeded(_ seed: UInt64) throws {
        let pieces = [
            "${", "}", "'", "\"", "self:", "custom", ".", "opt:stage", ",", " ", "env:GIVEN", "a", "{{resolve:ssm:x}}",
            "$",
            ":-", "GIVEN", "file(", ")", "{", "AWS::Region", "!", "P", "'}", ":",
        ]
        var random = SeededNumbers(seed)
        for _ in 0..<20 {
            let count = Int(random.next() % 9) + 1
            let raw = (0..<count).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
            let value = "'" + raw.replacing("'", with: "''") + "'"
            for text in [
                "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: a.b, name: \(value), environment: {X: \(value)}, events: [{httpApi: {method: get, path: \(value)}}, {sqs: \(value)}]}}",
                "Parameters: {P: {Default: p}}\nResources: {f: {Type: 'AWS::Serverless::Function', Properties: {Runtime: python3.12, Handler: \(value), Environment: {Variables: {X: \(value), Y: !Sub \(value)}}}}}",
                "provider: {name: openfaas}\nfunctions: {f: {lang: python3, handler: ./f, image: x, environment: {X: \(value)}, limits: {memory: \(value)}}}",
                "schema_version: 1\nname: f\nruntime: python\nconfig: {X: \(value)}\ntriggers: [{type: http, source: \(value)}]",
            ] {
                let plan = try Importer.plan(text, path: "file", environment: ["GIVEN": "given"])
                for function in plan.functions {
                    let manifest = try function.manifest.text(source: "file")
                    #expect(!manifest.contains("${") && !manifest.contains("{{resolve:"), "\(text)")
                }
            }
        }
    }
}

/// The same numbers for the same seed (SplitMix64).
struct SeededNumbers {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
