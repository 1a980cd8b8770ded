import HTTPCodec
import NIOCore
import SigV4
import Testing

@Suite("AWS signatures")
struct SignatureTests {
    @Test("What botocore signs is accepted")
    func botocore() throws {
        try Signed.accept(Signed.plain, body: #"{"a":1}"#)
        try Signed.accept(
            Signed.request(
                query: "Qualifier=%24LATEST", headers: "content-type;host;x-amz-date;x-amz-invocation-type",
                signature: "99e3207fb010a1ed812f8d6bb187d1b860012bedaaa782734c642f9eca4ef327",
                fields: [("X-Amz-Invocation-Type", "Event"), ("Content-Type", "application/json")]
            ).at("/2015-03-31/functions/hello%3Aprod/invocations"))
        try Signed.accept(
            Signed.request(
                "POST", "/", region: "us-east-1", service: "sqs",
                headers: "content-type;host;x-amz-date;x-amz-note;x-amz-target",
                signature: "ea0cc79da40327d57feefd170639e9e5d9dc18e3afc8dc5b6d2261e7366dd3b0",
                fields: [
                    ("X-Amz-Target", "AmazonSQS.ListQueues"), ("Content-Type", "application/x-amz-json-1.0"),
                    ("X-Amz-Note", "a   b  c"),
                ]), body: "{}")
        try Signed.accept(
            Signed.request(
                "GET", "/2015-03-31/tags/x", query: "tagKeys=z%20y&tagKeys=a&b=%2Fq",
                signature: "0988a9051888e8a5d4bea48b66a97e1f835c3a57984f51b50c5ef87c5af76242"))
    }

    @Test("A presigned URL is accepted until it expires")
    func presigned() throws {
        let query =
            "MaxItems=3&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=GLOAKEXAMPLE0000001%2F20260102%2Feu-north-1"
            + "%2Flambda%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=600&X-Amz-SignedHeaders=host"
            + "&X-Amz-Signature=86e9102756508c4650fe6ad1aaba947c033d0f865c8c7af643b1bc03d0196ab9"
        let request = SignedRequest(
            method: "GET", path: "/2015-03-31/functions/", query: query,
            fields: HTTPFields([("Host", "127.0.0.1:9000")]))
        try Signed.accept(request)
        try Signed.accept(request, now: Signed.now + 600)
        #expect(throws: SigV4Error.self) { try Signed.accept(request, now: Signed.now + 601) }
        #expect(throws: SigV4Error.self) { try Signed.accept(request, now: Signed.now - 301) }
    }

    @Test(
        "A path or a query that was signed as it was sent is accepted, as curl does it",
        arguments: [
            ("/x%3Ay/z", "b=2&a=1", "19572d143d61ce880fd23210f8be59fe7c3382089a5ce5a33e8543169e1a2bc3"),
            ("/x%3Ay/z", "b=2&a=1", "919fd43393066c0d0c47e90d5d149609757aebf351d6a2dd903725fcf2c4f339"),
            ("/x/z", "b=2&a=1", "e6c3913b8b3ba76c08eaeb466e7e0c218d34f534fff38f947663c8504b50ccf8"),
        ])
    func lenient(path: String, query: String, signature: String) throws {
        try Signed.accept(Signed.request("GET", path, query: query, signature: signature))
        #expect(throws: SigV4Error.mismatch) {
            try Signed.accept(Signed.request("GET", path, query: query + "&c=3", signature: signature))
        }
    }

    @Test("Another secret, body, path or field is a mismatch")
    func mismatches() {
        let body = #"{"a":1}"#
        #expect(throws: SigV4Error.mismatch) { try Signed.accept(Signed.plain, body: body, secret: "another") }
        #expect(throws: SigV4Error.mismatch) { try Signed.accept(Signed.plain, body: #"{"a":2}"#) }
        #expect(throws: SigV4Error.mismatch) { try Signed.accept(Signed.plain.at("/other"), body: body) }
        let zeros = String(repeating: "0", count: 64)
        #expect(throws: SigV4Error.mismatch) { try Signed.accept(Signed.request(signature: zeros), body: body) }
        #expect(throws: SigV4Error.mismatch) { try Signed.accept(Signed.request(signature: "abc"), body: body) }
    }

    @Test("A field that could have been added on the way is refused")
    func unsignedField() {
        let request = Signed.plain.adding("X-Amz-Invocation-Type", "Event")
        let error = #expect(throws: SigV4Error.self) { try Signed.accept(request, body: #"{"a":1}"#) }
        #expect(error?.message.contains("x-amz-invocation-type") == true)
    }

    @Test("Clocks may be five minutes apart", arguments: [(-300, true), (-301, false), (300, true), (301, false)])
    func skew(seconds: Int64, isAccepted: Bool) throws {
        if isAccepted {
            try Signed.accept(Signed.plain, body: #"{"a":1}"#, now: Signed.now + seconds)
            return
        }
        let error = #expect(throws: SigV4Error.self) {
            try Signed.accept(Signed.plain, body: #"{"a":1}"#, now: Signed.now + seconds)
        }
        #expect(error?.code == .invalidSignature)
        #expect(error?.message.hasPrefix("Signature ") == true)
    }

    @Test("A scope of another service, or of another day, is refused")
    func scope() {
        let error = #expect(throws: SigV4Error.self) {
            try Signed.accept(Signed.plain, body: #"{"a":1}"#, services: ["sqs"])
        }
        #expect(error?.message == "Credential should be scoped to correct service: 'sqs'.")
        let fields = HTTPFields(
            Signed.plain.fields.pairs.map { ($0.name, $0.value.replacing("/20260102/", with: "/20260103/")) })
        #expect(throws: SigV4Error.self) {
            try Signed.accept(
                SignedRequest(method: "POST", path: Signed.path, query: "", fields: fields), body: #"{"a":1}"#)
        }
    }

    @Test(
        "A header that lacks a part is incomplete",
        arguments: [
            "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request",
            "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=00",
        ])
    func incomplete(text: String) {
        let request = SignedRequest(
            method: "POST", path: "/", query: "", fields: HTTPFields([("Host", "h"), ("Authorization", text)]))
        #expect(throws: SigV4Error.self) { try SignatureClaim(request) }
        let error = #expect(throws: SigV4Error.self) { try Signed.accept(request) }
        #expect(error?.code == .incompleteSignature)
    }

    @Test("A request without a signature makes no claim")
    func none() throws {
        for fields in [[("Host", "h")], [("Host", "h"), ("Authorization", "Bearer x")]] {
            let request = SignedRequest(method: "POST", path: "/", query: "a=1", fields: HTTPFields(fields))
            #expect(try SignatureClaim(request) == nil)
        }
    }
}

extension SignedRequest {
    func at(_ path: String) -> SignedRequest {
        SignedRequest(method: method, path: path, query: query, fields: fields)
    }

    func adding(_ name: String, _ value: String) -> SignedRequest {
        var fields = fields
        fields.append(name: name, value: value)
        return SignedRequest(method: method, path: path, query: query, fields: fields)
    }
}
