import Testing

@testable import Controller

@Suite("How callers name a function")
struct FunctionReferenceTests {
    @Test(
        "Names, partial and whole ARNs are read",
        arguments: [
            ("hello", "hello", nil), ("hello%3Aprod", "hello", "prod"), ("hello:$LATEST", "hello", "$LATEST"),
            ("function:hello", "hello", nil), ("000000000000:function:hello:7", "hello", "7"),
            ("arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Ahello", "hello", nil),
            ("arn:aws-us-gov:lambda:us-gov-west-1:000000000000:function:a_B-9:prod", "a_B-9", "prod"),
            ("000000000000:hello", "hello", nil), ("us-east-1:000000000000:function:hello", "hello", nil),
            ("eu-north-1:function:hello:live", "hello", "live"), ("my-job-1:live", "my-job-1", "live"),
        ] as [(String, String, String?)])
    func forms(segment: String, name: String, qualifier: String?) throws {
        let reference = try FunctionReference(segment: segment[...], query: "")
        #expect(reference == FunctionReference(name: name, qualifier: qualifier))
    }

    @Test(
        "What is none of them is a validation error",
        arguments: [
            "", "a%20b", "a:b:c", "arn:aws:s3:::bucket", "hello:", "he%2Fllo", String(repeating: "x", count: 65),
        ])
    func invalid(segment: String) {
        let error = #expect(throws: LambdaAPIError.self) { try FunctionReference(segment: segment[...], query: "") }
        #expect(error?.code == "ValidationException")
    }

    @Test("A qualifier in the query counts, and must not contradict the name's")
    func qualifiers() throws {
        let query = "a=1&Qualifier=%24LATEST"
        #expect(try FunctionReference(segment: "hello", query: query).qualifier == "$LATEST")
        #expect(try FunctionReference(segment: "hello:$LATEST", query: query).qualifier == "$LATEST")
        let error = #expect(throws: LambdaAPIError.self) { try FunctionReference(segment: "hello:1", query: query) }
        #expect(error?.code == "InvalidParameterValueException")
    }
}
