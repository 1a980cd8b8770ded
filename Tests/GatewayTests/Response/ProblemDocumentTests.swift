import FunctionModel
import HTTPCodec
import NIOCore
import Testing

@testable import Gateway

@Suite("Problem documents")
struct ProblemDocumentTests {
    @Test("A problem has the members of RFC 9457 with the code and the invocation")
    func members() {
        let failure = InvocationFailure(
            .handlerFailed, "exit 1:\n\"x\" \u{1}\\ \u{e6}", payload: ByteBuffer(string: "secret"))
        let id = InvocationID(high: 1, low: 2)
        #expect(
            String(buffer: ProblemDocument(failure).body(invocation: id))
                == #"{"type":"urn:glo:error:handler_failed","title":"The handler failed","status":502,"#
                + #""detail":"exit 1:\n\"x\" \u0001\\ æ","code":"handler_failed","#
                + #""invocation":"00000000-0000-0001-0000-000000000002"}"#)
    }

    @Test(
        "429 and 503 say when to come again",
        arguments: [
            (FailureCode.queueFull, nil, "1"), (.noCapacity, 7, "7"), (.draining, nil, "1"), (.handlerFailed, nil, nil),
        ] as [(FailureCode, Int?, String?)])
    func retryAfter(code: FailureCode, seconds: Int?, expected: String?) {
        let problem = ProblemDocument(InvocationFailure(code, "x", retryAfterSeconds: seconds))
        #expect(problem.fields.first("Retry-After") == expected)
    }

    @Test("Each code's document is valid JSON", arguments: FailureCode.allCases)
    func validJSON(code: FailureCode) {
        let body = ProblemDocument(code, "detail").body(invocation: nil)
        #expect(body.withUnsafeReadableBytes { JSONScanner.isValid($0) })
    }
}
