import FunctionModel
import HTTPCodec
import NIOCore
import Testing

@testable import WorkerProtocol

/// A `stdio` worker whose handler is the test itself.
private struct StdioWorld {
    let harness: WorkerHarness
    let input: TestSocket
    let output: TestSocket

    init(limit: Int = 6_291_556) throws {
        let standardInput = try TestSocket.pipe()
        let standardOutput = try TestSocket.pipe()
        input = standardInput.reading
        output = standardOutput.writing
        harness = try WorkerHarness(
            .stdio, context: WorkerHarness.context(limit: limit),
            descriptors: [standardInput.writing.take(), standardOutput.reading.take()])
        harness.expect(.ready)
    }
}

@Suite("Handlers on standard input and output")
struct StdioWorkerChannelTests {
    @Test("One line goes in, one line comes out, and the slot is free")
    func roundTrip() throws {
        let world = try StdioWorld()
        try world.harness.invoke(Sample.direct(1, "{\"a\":\n 1\r\n}"))
        #expect(try world.input.receive(upTo: "\n") == "{\"a\":  1  }\n")
        try world.output.send("{\"b\"")
        try world.output.send(":2}\r\n")
        world.harness.expect(.result(Sample.id(1), "{\"b\":2}"), .finished(Sample.id(1)))
        try world.harness.invoke(Sample.direct(2, ""))
        #expect(try world.input.receive(upTo: "\n") == "{}\n")
        try world.output.send("\n")
        world.harness.expect(.result(Sample.id(2), ""), .finished(Sample.id(2)))
    }

    @Test("A request becomes one line of payload format 2.0, or with payload: raw its bare body")
    func payloads() throws {
        let world = try StdioWorld()
        try world.harness.invoke(Sample.http(1, .post, body: "two\nlines"))
        let event = try world.input.receive(upTo: "\n")
        #expect(event.hasPrefix(#"{"version":"2.0","#))
        #expect(event.hasSuffix(#""body":"two\nlines","isBase64Encoded":false}"# + "\n"))
        try world.output.send("1\n")
        world.harness.expect(.result(Sample.id(1), "1"), .finished(Sample.id(1)))
        try world.harness.invoke(Sample.http(2, .post, body: "[1,\n2]", payload: .raw))
        #expect(try world.input.receive(upTo: "\n") == "[1, 2]\n")
    }

    @Test("A large line passes whole")
    func large() throws {
        let world = try StdioWorld()
        let text = "\"" + String(repeating: "x", count: 3_000_000) + "\""
        try world.harness.invoke(Sample.direct(1, text))
        #expect(try world.input.receive(exactly: text.utf8.count + 1) == Array("\(text)\n".utf8))
        try world.output.send(text + "\n")
        world.harness.expect(.result(Sample.id(1), text), .finished(Sample.id(1)))
    }

    @Test("A line after a cancel is dropped, and frees the slot")
    func cancelled() throws {
        let world = try StdioWorld()
        try world.harness.invoke(Sample.direct(1, "1"))
        try world.harness.cancel(Sample.id(1))
        try world.harness.cancel(Sample.id(2))
        try world.output.send("late\n")
        world.harness.expect(.event("late"), .finished(Sample.id(1)))
        try world.harness.invoke(Sample.direct(2, "2"))
        try world.output.send("right\n")
        world.harness.expect(.result(Sample.id(2), "right"), .finished(Sample.id(2)))
    }

    @Test("Output while nothing runs breaks the worker")
    func unexpected() throws {
        let world = try StdioWorld()
        try world.output.send("hello")
        world.harness.expect(.event("output hello"), .broke(.invalidResponse))
        #expect(try world.input.receive().isEmpty)
    }

    @Test("A second line for one event breaks the worker, after the result")
    func twoLines() throws {
        let world = try StdioWorld()
        try world.harness.invoke(Sample.direct(1, "1"))
        try world.output.send("a\nb\n")
        world.harness.expect(.result(Sample.id(1), "a"), .event("output b\n"), .broke(.invalidResponse))
    }

    @Test("A line that never ends breaks the worker")
    func tooLong() throws {
        let world = try StdioWorld(limit: 1000)
        try world.harness.invoke(Sample.direct(1, "1"))
        try world.output.send(String(repeating: "x", count: 1001))
        world.harness.expect(.broke(.responseTooLarge))
    }

    @Test("The end of standard output breaks the worker")
    func end() throws {
        let world = try StdioWorld()
        try world.harness.invoke(Sample.direct(1, "1"))
        world.output.close()
        world.harness.expect(.broke(.handlerExited))
        try world.harness.expectQuiet()
    }

    @Test("Closing the channel closes both pipes")
    func close() throws {
        let world = try StdioWorld()
        try world.harness.close()
        #expect(try world.input.receive().isEmpty)
        try world.harness.expectQuiet()
    }

    @Test("Lines are the same however they are cut")
    func splitting() {
        let bytes = Array("one\ntwo\r\n\n".utf8)
        for cut in 0...bytes.count {
            var splitter = LineSplitter(limit: 100)
            var lines: [String] = []
            for piece in [bytes[..<cut], bytes[cut...]] {
                splitter.append(ByteBuffer(bytes: piece))
                while case .line(let line) = splitter.next() { lines.append(String(buffer: line)) }
            }
            #expect(lines == ["one", "two", ""])
        }
    }
}
