import CLinux
import Glibc
import FunctionModel
import HTTPCodec
import NIOCore
import Testing

@testable import WorkerProtocol

/// An `exec` worker whose init is the test itself.
private struct ExecWorld {
    struct Run {
        let number: UInt32
        let environment: [String]
        let input: String
    }

    let harness: WorkerHarness
    let slots: [TestSocket]

    init(concurrency: Int = 1, limit: Int = 6_291_556) throws {
        let pairs = try (0..<concurrency).map { _ in try TestSocket.pair() }
        slots = pairs.map(\.0)
        harness = try WorkerHarness(
            .exec, context: WorkerHarness.context(concurrency: concurrency, limit: limit),
            descriptors: pairs.map { $0.1.take() })
        harness.expect(.ready)
    }

    func header(_ slot: Int = 0) throws -> (length: Int, type: Int32, run: UInt32) {
        var header = ByteBuffer(bytes: try slots[slot].receive(exactly: 12))
        let length = header.readInteger(endianness: .little, as: UInt32.self) ?? 0
        let type = header.readInteger(as: UInt8.self) ?? 0
        let reserved = header.readBytes(length: 3)
        let run = header.readInteger(endianness: .little, as: UInt32.self) ?? 0
        #expect(reserved == [0, 0, 0])
        return (Int(length), Int32(type), run)
    }

    func run(_ slot: Int = 0) throws -> Run {
        let header = try header(slot)
        #expect(header.type == GLO_FRAME_RUN)
        var payload = ByteBuffer(bytes: try slots[slot].receive(exactly: header.length))
        let length = Int(payload.readInteger(endianness: .little, as: UInt32.self) ?? 0)
        let block = payload.readBytes(length: length) ?? []
        #expect(block.last == 0)
        let strings = block.dropLast().split(separator: 0, omittingEmptySubsequences: false)
        return Run(
            number: header.run, environment: strings.map { String(decoding: $0, as: UTF8.self) },
            input: String(buffer: payload))
    }

    func send(_ type: Int32, _ run: UInt32, _ payload: [UInt8], slot: Int = 0) throws {
        var frame = ByteBuffer()
        frame.writeInteger(UInt32(payload.count), endianness: .little)
        frame.writeInteger(UInt8(truncatingIfNeeded: type))
        frame.writeBytes([0, 0, 0])
        frame.writeInteger(run, endianness: .little)
        frame.writeBytes(payload)
        try slots[slot].send(Array(frame.readableBytesView))
    }

    func output(_ run: UInt32, _ text: String, slot: Int = 0) throws {
        try send(GLO_FRAME_OUT, run, Array(text.utf8), slot: slot)
    }

    func exit(
        _ run: UInt32, how: Int32 = GLO_END_EXITED, code: Int32 = 0, flags: Int32 = 0, tail: String = "", slot: Int = 0
    ) throws {
        var payload = ByteBuffer()
        payload.writeBytes([UInt8(how), UInt8(flags), 0, 0])
        payload.writeInteger(code, endianness: .little)
        payload.writeInteger(UInt64(4096), endianness: .little)
        payload.writeInteger(UInt64(10), endianness: .little)
        payload.writeInteger(UInt64(20), endianness: .little)
        payload.writeString(tail)
        try send(GLO_FRAME_EXIT, run, Array(payload.readableBytesView), slot: slot)
    }
}

@Suite("Commands that run once for each event")
struct ExecWorkerChannelTests {
    @Test("The body is standard input, standard output is the result, and the slot is free at the exit")
    func roundTrip() throws {
        let world = try ExecWorld()
        try world.harness.invoke(Sample.direct(1, "input"))
        let run = try world.run()
        #expect(run.input == "input")
        #expect(
            run.environment == [
                "GLO_INVOCATION_ID=\(Sample.id(1))", "GLO_FUNCTION=hello", "GLO_VERSION=3", "GLO_ATTEMPT=1",
                "GLO_DEADLINE_MS=1700000000123",
            ])
        try world.output(run.number, "out")
        try world.output(run.number, "put")
        try world.exit(run.number)
        world.harness.expect(.event("run 4096"), .result(Sample.id(1), "output"), .finished(Sample.id(1)))
        try world.harness.invoke(Sample.direct(2, ""))
        let second = try world.run()
        #expect(second.number != run.number)
        #expect(second.input == "")
    }

    @Test("Large input arrives whole")
    func large() throws {
        let world = try ExecWorld()
        let text = String(repeating: "0123456789", count: 200_000)
        try world.harness.invoke(Sample.direct(1, text))
        #expect(try world.run().input == text)
    }

    struct Ending: Sendable {
        var how: Int32
        var code: Int32
        var flags: Int32 = 0
        var failure: FailureCode
        var detail: String
    }

    @Test(
        "A run that does not succeed is a failure that says why",
        arguments: [
            Ending(
                how: GLO_END_EXITED, code: 3, failure: .handlerFailed,
                detail: "The command exited with code 3. The end of its standard error: one\ntwo"),
            Ending(
                how: GLO_END_SIGNALLED, code: 11, failure: .handlerFailed,
                detail: "The command was ended by signal 11 (SIGSEGV). The end of its standard error: one\ntwo"),
            Ending(
                how: GLO_END_SIGNALLED, code: 9, flags: GLO_END_FLAG_OUT_OF_MEMORY, failure: .outOfMemory,
                detail: "The command ran out of memory. The end of its standard error: one\ntwo"),
            Ending(
                how: GLO_END_NOT_STARTED, code: 2, failure: .handlerInitFailed,
                detail: "The command could not be started: one\ntwo\n"),
        ])
    func failures(_ ending: Ending) throws {
        let world = try ExecWorld()
        try world.harness.invoke(Sample.direct(1, ""))
        let run = try world.run()
        try world.output(run.number, "partial")
        try world.exit(run.number, how: ending.how, code: ending.code, flags: ending.flags, tail: "one\ntwo\n")
        world.harness.expect(
            .event("run 4096"), .failure(Sample.id(1), ending.failure, payload: nil), .finished(Sample.id(1)))
        #expect(world.harness.details.last == ending.detail)
    }

    @Test("A run that writes too much is cancelled and fails")
    func tooLarge() throws {
        let world = try ExecWorld(limit: 10)
        try world.harness.invoke(Sample.direct(1, ""))
        let run = try world.run()
        try world.output(run.number, "0123456789")
        try world.output(run.number, "x")
        let cancel = try world.header()
        #expect(cancel.type == GLO_FRAME_CANCEL)
        #expect(cancel.run == run.number)
        #expect(cancel.length == 0)
        try world.output(run.number, "more")
        try world.exit(run.number, how: GLO_END_SIGNALLED, code: 15, flags: GLO_END_FLAG_CANCELLED)
        world.harness.expect(
            .event("run 4096"), .failure(Sample.id(1), .responseTooLarge, payload: nil), .finished(Sample.id(1)))
    }

    @Test("A cancelled run gives no reply, and frees its slot when it has ended")
    func cancelled() throws {
        let world = try ExecWorld()
        try world.harness.invoke(Sample.direct(1, ""))
        let run = try world.run()
        try world.harness.cancel(Sample.id(1))
        try world.harness.cancel(Sample.id(1))
        #expect(try world.header().type == GLO_FRAME_CANCEL)
        try world.exit(run.number, how: GLO_END_SIGNALLED, code: 15, flags: GLO_END_FLAG_CANCELLED)
        world.harness.expect(.event("run 4096"), .finished(Sample.id(1)))
    }

    @Test("Slots run at once")
    func slots() throws {
        let world = try ExecWorld(concurrency: 2)
        try world.harness.invoke(Sample.direct(1, "1"))
        try world.harness.invoke(Sample.direct(2, "2"))
        let first = try world.run(0)
        let second = try world.run(1)
        #expect(first.input == "1")
        #expect(second.input == "2")
        try world.output(second.number, "b", slot: 1)
        try world.exit(second.number, slot: 1)
        world.harness.expect(.event("run 4096"), .result(Sample.id(2), "b"), .finished(Sample.id(2)))
        try world.output(first.number, "a")
        try world.exit(first.number)
        world.harness.expect(.event("run 4096"), .result(Sample.id(1), "a"), .finished(Sample.id(1)))
    }

    @Test("A slot that is closed, or a frame that makes no sense, breaks the worker", arguments: 0..<6)
    func broken(_ how: Int) throws {
        let world = try ExecWorld()
        try world.harness.invoke(Sample.direct(1, ""))
        let run = try world.run()
        switch how {
        case 0: world.slots[0].close()
        case 1: try world.send(0x77, run.number, [])
        case 2: try world.send(GLO_FRAME_OUT, run.number, [])
        case 3: try world.output(run.number + 1, "x")
        case 4: try world.exit(run.number, how: 9)
        default: try world.send(GLO_FRAME_EXIT, run.number, [1, 2, 3])
        }
        world.harness.expect(.broke(how == 0 ? .handlerExited : .internalError))
        try world.harness.expectQuiet()
    }

    @Test("Frames are the same however they are cut")
    func frames() throws {
        var bytes: [UInt8] = [3, 0, 0, 0, UInt8(GLO_FRAME_OUT), 0, 0, 0, 9, 0, 0, 0] + Array("abc".utf8)
        bytes += [33, 0, 0, 0, UInt8(GLO_FRAME_EXIT), 0, 0, 0, 9, 0, 0, 0, UInt8(GLO_END_EXITED), 0, 0, 0]
        bytes += [UInt8](repeating: 0, count: 28) + [UInt8(ascii: "e")]
        for cut in 0...bytes.count {
            var parser = ExecFrameParser()
            var seen: [String] = []
            for piece in [bytes[..<cut], bytes[cut...]] {
                parser.append(ByteBuffer(bytes: piece))
                while let frame = try parser.next() {
                    switch frame {
                    case .output(let run, let output): seen.append("\(run) \(String(buffer: output))")
                    case .exit(let run, let exit): seen.append("\(run) \(exit.how) \(exit.tail)")
                    }
                }
            }
            #expect(seen == ["9 abc", "9 exited(code: 0) e"])
        }
    }
}
