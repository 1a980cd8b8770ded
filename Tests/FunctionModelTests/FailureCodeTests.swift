import FunctionModel
import Testing

@Suite struct FailureCodeTests {
    @Test(
        "Every code is a word that can stand in a document, and has a status and a title",
        arguments: FailureCode.allCases)
    func wellFormed(code: FailureCode) {
        #expect(code.rawValue.utf8.allSatisfy { (97...122).contains($0) || $0 == UInt8(ascii: "_") })
        #expect((400...599).contains(code.status))
        #expect(!code.title.isEmpty)
    }

    @Test(
        "The promised statuses",
        arguments: [
            (FailureCode.routeNotFound, 404), (.methodNotAllowed, 405), (.bodyTooLarge, 413), (.queueFull, 429),
            (.handlerFailed, 502), (.noCapacity, 503), (.timedOut, 504),
        ])
    func statuses(code: FailureCode, status: Int) {
        #expect(code.status == status)
    }
}
