import NIOCore
import Testing

@testable import Controller

@Suite("What a batch's handler answers")
struct BatchReplyTests {
    private let ids = ["a", "b", "c"]

    @Test(
        "Nothing, null, an empty list and an answer of its own mean that all succeeded",
        arguments: [
            "", "  \n", "null", "{}", #"{"batchItemFailures":[]}"#, #"{"batchItemFailures":null}"#, #""done""#, "plain",
            #"{"other":1}"#,
        ])
    func success(_ text: String) {
        #expect(BatchReply(ByteBuffer(string: text), ids: ids) == .allSucceeded)
    }

    @Test("What is named has failed, once")
    func partial() {
        let text = #"{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"b"},{"itemIdentifier":"c"}]}"#
        #expect(BatchReply(ByteBuffer(string: text), ids: ids) == .failed(["b", "c"]))
    }

    @Test(
        "An identifier that is unknown, empty, missing or misnamed fails the whole batch",
        arguments: [
            #"{"batchItemFailures":[{"itemIdentifier":"x"}]}"#, #"{"batchItemFailures":[{"itemIdentifier":""}]}"#,
            #"{"batchItemFailures":[{"itemIdentifier":null}]}"#, #"{"batchItemFailures":[{"id":"a"}]}"#,
            #"{"batchItemFailures":"a"}"#, #"{"batchItemFailures":["#,
        ])
    func invalid(_ text: String) {
        guard case .invalid = BatchReply(ByteBuffer(string: text), ids: ids) else {
            Issue.record("it counts as \(BatchReply(ByteBuffer(string: text), ids: ids))")
            return
        }
    }
}
