import Testing

@testable import FunctionImport

@Suite("Sizes, times and paths of other systems")
struct QuantitiesTests {
    @Test(
        "Sizes of Kubernetes and of Docker",
        arguments: [
            ("128Mi", 134_217_728), ("50M", 50_000_000), ("1G", 1_000_000_000), ("1Gi", 1_073_741_824),
            ("134217728", 134_217_728), ("128974848", 128_974_848), ("1e3", 1000), ("129e6", 129_000_000),
            ("1.5Gi", 1_610_612_736),
            ("40m", 41_943_040), ("1g", 1_073_741_824), ("64k", 64_000), ("512Ki", 524_288), ("2T", 2_000_000_000_000),
            ("64mb", 67_108_864), ("123b", 123), (" 64Mi ", 67_108_864), ("0", 0),
        ])
    func sizes(_ text: String, _ bytes: Int) { #expect(Quantities.bytes(text) == bytes) }

    @Test(
        "What is no size is none",
        arguments: [
            "", "Mi", "-1", "1.2.3Mi", "lots", "1e999", "inf", "nan", "0x10", "1 Mi", "９Mi", "99999999999999999999Gi",
        ])
    func notSizes(_ text: String) { #expect(Quantities.bytes(text) == nil) }

    @Test(
        "A size is written so that it is never smaller",
        arguments: [
            (134_217_728, "128Mi"), (50_000_000, "50MB"), (1_000_000_000, "1GB"), (1_073_741_824, "1Gi"),
            (524_288, "512Ki"),
            (128_974_848, "123Mi"), (129_000_001, "125977Ki"),
        ])
    func written(_ bytes: Int, _ text: String) { #expect(Quantities.size(bytes) == text) }

    @Test(
        "Shares of processors",
        arguments: [
            ("500m", 500), ("0.5", 500), ("2", 2000), ("1e-1", 100), ("0.0015", 2), ("x", nil), ("-1", nil), ("", nil),
        ]
            as [(String, Int?)])
    func shares(_ text: String, _ thousandths: Int?) { #expect(Quantities.processorThousandths(text) == thousandths) }

    @Test(
        "Times of Go",
        arguments: [
            ("1m30s", 90_000), ("500ms", 500), ("90", 90_000), ("1h2m3.5s", 3_723_500), ("1.5m", 90_000), ("1us", 1),
            ("0", 0),
            ("15m", 900_000), ("soon", nil), ("", nil), ("1x", nil), ("m", nil), ("1m30", nil), ("-1s", nil),
            ("1d", nil),
        ] as [(String, Int?)])
    func times(_ text: String, _ milliseconds: Int?) { #expect(Quantities.milliseconds(text) == milliseconds) }

    @Test("A time is written in seconds where it has whole ones")
    func durations() {
        #expect(Quantities.duration(milliseconds: 90_000) == "90s")
        #expect(Quantities.duration(milliseconds: 1500) == "1500ms")
    }

    @Test(
        "Paths as patterns",
        arguments: [
            ("/a", "/a"), ("a/b", "/a/b"), ("/a/", "/a"), ("/", "/"), ("", "/"), ("/a/{id}", "/a/{id}"),
            ("/{proxy+}", "/{proxy+}"), ("/a/{b}/{c+}", "/a/{b}/{c+}"),
        ])
    func paths(_ path: String, _ pattern: String) { #expect(RoutePath.pattern(path) == .pattern(pattern)) }

    @Test(
        "What has no pattern that means the same is not made one",
        arguments: [
            "/a-{id}", "/{a-b}", "/{a+}/b", "/a//b", "/a/../b", "/_/x", "/_", "/a b", "/ä", "/a?b", "/a#b", "/{}",
            "/{1}",
            "/{a}/{a}", "/*/a", "/{a", "/a*",
        ])
    func impossible(_ path: String) {
        if case .pattern(let pattern) = RoutePath.pattern(path) { Issue.record("\(path) became \(pattern)") }
    }

    @Test(
        "What is left of an expression is known from a value",
        arguments: [
            ("dev'}.HOST", true), ("http://'dev'}.x", true), ("${x}", true), ("a{{resolve:ssm:b}}", true),
            ("#{AWS::Region}", true),
            ("a\"}", true), ("{'a':'b'}", false), ("{\"a\":{\"b\":\"}\"}}", false), ("$5", false), ("}", false),
            ("plain", false),
            ("Hello {{name}}", false), ("a\u{0}b", true),
        ])
    func unresolved(_ text: String, _ expected: Bool) { #expect((Unresolved.flaw(in: text) != nil) == expected) }

    @Test(
        "Names of templates tell the adapter",
        arguments: [
            ("python3", "python classic"), ("python3-http", "python http"), ("python3.11-http-debian", "python http"),
            ("python3-http-debian", "python http"), ("python3-flask", "python flask"),
            ("python27-flask", "python flask"),
            ("node", "node classic"), ("node12", "node express"), ("node20", "node express"),
            ("node10-express", "node express"),
            ("node18-debian", "node express"), ("node10-express-service", nil), ("node-express-service", nil),
            ("golang-http", nil),
            ("python3-http-skeleton", nil), ("python3-fastapi", nil), ("dockerfile", nil), ("node12-sentry", nil),
            ("", nil),
        ] as [(String, String?)])
    func templates(_ lang: String, _ expected: String?) {
        let adapter = OpenFaaSAdapter(lang: lang)
        let kinds = ["classic", "http", "flask", "express"]
        let kind = adapter.flatMap { adapter in
            kinds.first {
                adapter.contents.contains("TEMPLATE = \"\($0)\"") || adapter.contents.contains("TEMPLATE = '\($0)'")
            }
        }
        #expect(adapter.map { "\($0.runtime) \(kind ?? "?")" } == expected)
    }

    @Test(
        "Fn's entrypoints name a file of the function and a name of Python",
        arguments: [
            ("/function/func.py", "handler", "func.py"), ("func.py", "main", "func.py"),
            ("/function/a/b.py", "run", "a/b.py"),
            ("../func.py", "x", nil), ("/etc/x.py", "x", nil), ("func.sh", "x", nil), ("func.py", "a.b", nil),
            ("func.py", "1a", nil),
            ("fu\"nc.py", "x", nil), ("func.py", "a;b", nil), ("/function/", "x", nil),
        ] as [(String, String, String?)])
    func entries(_ file: String, _ function: String, _ expected: String?) {
        #expect(FnAdapter.Entry(file: file, function: function)?.file == expected)
    }
}
