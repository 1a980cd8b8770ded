import CLinux
import Glibc
import FunctionModel
import InitLink
import LinuxSystem
import Testing

@Suite("Runs of an exec worker, under the real init", .timeLimit(.minutes(2)))
struct ExecSlotTests {
    static func pattern(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 131 >> 4) } }

    @Test("A run gets its input and environment, and its output, errors and code come back")
    func oneRun() throws {
        let init_ = try InitUnderTest()
        let slot = try init_.execSlot("cat; echo $BASE $EXTRA; echo oops >&2; exit 5")
        let result = try slot.run(environment: [("EXTRA", "more"), ("BASE", "replaced")], input: Array("in:".utf8))
        #expect(result.text == "in:replaced more\n")
        #expect(result.report?.end == .exited(code: 5))
        #expect((result.report?.peakMemoryBytes ?? 0) > 100_000)
        #expect(String(decoding: result.standardErrorTail, as: UTF8.self) == "oops\n")
        let line = try init_.log.line(of: 1, containing: "oops")
        #expect(line.run == 1 && line.stream == .standardError)
        #expect(try slot.run(2).text == "base\n")
    }

    @Test("Input and output of any size pass whole", arguments: [0, 1, 65535, 65536, 65537, 300_000, 5_000_000])
    func sizes(_ count: Int) throws {
        let init_ = try InitUnderTest()
        let slot = try init_.execSlot("exec cat")
        let input = Self.pattern(count)
        let result = try slot.run(input: input)
        #expect(result.output == input)
        #expect(result.report?.end == .exited(code: 0))
    }

    @Test("A handler that does not read its input does no harm", arguments: [100, 5_000_000])
    func ignoresInput(_ count: Int) throws {
        let init_ = try InitUnderTest()
        let slot = try init_.execSlot("echo done")
        for run in UInt32(1)...3 {
            let result = try slot.run(run, input: Self.pattern(count))
            #expect(result.text == "done\n")
            #expect(result.report?.end == .exited(code: 0))
        }
    }

    @Test("A handler that closes its input early, or its output, runs to its end")
    func closesStreams() throws {
        let init_ = try InitUnderTest()
        let slot = try init_.execSlot("exec <&-; echo one; exec >&-; echo late >&2; exit 4")
        let result = try slot.run(input: Self.pattern(1_000_000))
        #expect(result.text == "one\n")
        #expect(result.report?.end == .exited(code: 4))
    }

    @Test("The way a process ends is told exactly", arguments: [(9, "kill -9 $$"), (15, "kill $$"), (6, "kill -6 $$")])
    func signals(_ signal: Int32, _ script: String) throws {
        let init_ = try InitUnderTest()
        let result = try init_.execSlot(script).run()
        #expect(result.report?.end == .signalled(signal))
        #expect(result.report?.cancelled == false && result.report?.killed == false)
    }

    @Test("Only the last 4 KiB of standard error come with the end")
    func tail() throws {
        let init_ = try InitUnderTest()
        let slot = try init_.execSlot("i=0; while [ $i -lt 3000 ]; do echo line-$i >&2; i=$((i+1)); done")
        let tail = try slot.run().standardErrorTail
        #expect(tail.count == 4096)
        #expect(String(decoding: tail, as: UTF8.self).hasSuffix("line-2998\nline-2999\n"))
    }

    @Test("A cancelled run ends by SIGTERM, and the slot goes on")
    func cancel() throws {
        let init_ = try InitUnderTest()
        let slot = try init_.execSlot("[ -n \"$QUICK\" ] && exit 0; echo up; sleep 60")
        slot.send(ExecFrameEncoder.run(1, environment: [], standardInput: []))
        #expect(try slot.next() == .output(run: 1, ArraySlice("up\n".utf8)))
        slot.send(ExecFrameEncoder.cancel(99))
        slot.send(ExecFrameEncoder.cancel(1))
        let report = try slot.finish().report
        #expect(report?.end == .signalled(SIGTERM))
        #expect(report?.cancelled == true && report?.killed == false)
        slot.send(ExecFrameEncoder.cancel(1))
        #expect(try slot.run(2, environment: [("QUICK", "1")]).report?.end == .exited(code: 0))
    }

    @Test("A cancelled run that ignores SIGTERM is killed, and a CANCEL behind unread input is seen")
    func cancelKills() throws {
        let init_ = try InitUnderTest()
        let slot = try init_.execSlot("trap '' TERM; echo up; while :; do sleep 1; done")
        slot.send(ExecFrameEncoder.run(1, environment: [], standardInput: Self.pattern(5_000_000)))
        #expect(try slot.next() == .output(run: 1, ArraySlice("up\n".utf8)))
        slot.send(ExecFrameEncoder.cancel(1))
        let report = try slot.finish().report
        #expect(report?.end == .signalled(SIGKILL))
        #expect(report?.cancelled == true && report?.killed == true)
    }

    @Test("A run and its CANCEL in one piece end as cancelled")
    func cancelAtOnce() throws {
        let init_ = try InitUnderTest()
        let slot = try init_.execSlot("exec sleep 60")
        slot.send(ExecFrameEncoder.run(1, environment: [], standardInput: [1]) + ExecFrameEncoder.cancel(1))
        #expect(try slot.finish().report?.cancelled == true)
    }

    @Test("Background children neither live on nor delay the end")
    func strays() throws {
        let init_ = try InitUnderTest()
        // One in the group, one that has left it; both hold the output open.
        let slot = try init_.execSlot("sleep 300 & echo $!; setsid sleep 300 & echo $!; exit 0")
        let result = try slot.run()
        let strays = result.text.split(separator: "\n").compactMap { Int32($0) }
        #expect(strays.count == 2)
        #expect(result.report?.end == .exited(code: 0))
        for stray in strays { try InitUnderTest.waitForEnd(of: stray) }
    }

    @Test("A handler whose output nobody takes is held back, and all of it arrives later")
    func backpressure() throws {
        let init_ = try InitUnderTest()
        let slot = try init_.execSlot("head -c 5000000 /dev/zero; echo written >&2")
        slot.send(ExecFrameEncoder.run(1, environment: [], standardInput: []))
        try slot.flush()
        // The socket has filled; the handler cannot have written everything.
        try wait(slot.socket, POLLIN)
        init_.connection.start(init_.shell(2, .lambda, "exit 0"))
        _ = try init_.log.exit(of: 2)
        #expect(!init_.log.all.contains { if case .output = $0 { true } else { false } })
        let result = try slot.finish()
        #expect(result.output.count == 5_000_000)
        #expect(result.report?.end == .exited(code: 0))
        _ = try init_.log.line(of: 1, containing: "written")
    }

    @Test("Slots run at the same time, and the worker ends when all are closed")
    func slots() throws {
        let init_ = try InitUnderTest()
        var command = init_.shell(1, .exec, "read line; echo got $line")
        command.slots = 8
        init_.connection.start(command)
        let slots = try init_.log.descriptors(of: 1).map { SlotClient($0) }
        #expect(slots.count == 8)
        for (index, slot) in slots.enumerated() {
            slot.send(ExecFrameEncoder.run(UInt32(index + 1), environment: [], standardInput: Array("\(index)\n".utf8)))
            try slot.flush()
        }
        for (index, slot) in slots.enumerated().reversed() {
            #expect(try slot.finish(UInt32(index + 1)).text == "got \(index)\n")
        }
        for slot in slots { slot.socket.close() }
        let report = try init_.log.exit(of: 1)
        #expect(report.end == .exited(code: 0))
        #expect(report.peakMemoryBytes > 100_000)
    }

    @Test("Closing a slot ends its run")
    func closingASlot() throws {
        let init_ = try InitUnderTest()
        let slot = try init_.execSlot("echo $$; exec sleep 300")
        slot.send(ExecFrameEncoder.run(1, environment: [], standardInput: []))
        guard case .output(_, let text) = try slot.next(),
            let process = Int32(String(decoding: text, as: UTF8.self).dropLast())
        else { throw SlotClient.Closed() }
        slot.socket.close()
        try InitUnderTest.waitForEnd(of: process)
        #expect(try init_.log.exit(of: 1).end == .exited(code: 0))
    }

    @Test("A stopped exec worker ends its runs, tells how, and takes no more")
    func stop() throws {
        let init_ = try InitUnderTest()
        let slot = try init_.execSlot("echo up; exec sleep 300")
        slot.send(ExecFrameEncoder.run(1, environment: [], standardInput: []))
        _ = try slot.next()
        init_.connection.stop(worker: 1, graceMilliseconds: 1000)
        #expect(try slot.finish().report?.end == .signalled(SIGTERM))
        #expect(throws: SlotClient.Closed.self) { try slot.run(2) }
        #expect(try init_.log.exit(of: 1).end == .exited(code: 0))
    }

    @Test("Fifty runs on one slot leave no descriptor and no zombie")
    func noLeaks() throws {
        let init_ = try InitUnderTest()
        let slot = try init_.execSlot("cat >/dev/null; (sleep 100 &) ; echo x")
        _ = try slot.run(1)
        let before = init_.descriptorCount
        for run in UInt32(2)...51 { #expect(try slot.run(run, input: Self.pattern(200_000)).text == "x\n") }
        #expect(init_.descriptorCount == before)
        // Whatever the runs left behind is gone when the next one has been reaped as well.
        let children = OwnedDescriptor(
            owning: clinux_open("/proc/\(init_.processID)/task/\(init_.processID)/children", O_RDONLY, 0))
        #expect(children.raw >= 0)
        let left = String(decoding: try readAll(children), as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
        for process in left { try InitUnderTest.waitForEnd(of: process) }
    }

    @Test("A slot that breaks the protocol is closed, and init goes on", arguments: 0..<6)
    func malformed(_ seed: UInt64) throws {
        let init_ = try InitUnderTest()
        let slot = try init_.execSlot("exec cat")
        var random = SplitMix(state: seed)
        var bytes = ExecFrameEncoder.run(1, environment: [("A", "b")], standardInput: Self.pattern(50))
        switch seed {
        case 0: bytes[4] = 0x99
        case 1: bytes[5] = 1
        case 2: bytes[12] = 0xFF
        case 3: bytes.replaceSubrange(0..<4, with: [3, 0, 0, 0])
        default: bytes = (0..<4096).map { _ in UInt8.random(in: 1...255, using: &random) }
        }
        slot.send(bytes)
        #expect(throws: SlotClient.Closed.self) { while true { _ = try slot.next() } }
        #expect(try init_.log.exit(of: 1).end == .exited(code: 0))
        #expect(try init_.execSlot("echo alive", worker: 2).run().text == "alive\n")
    }
}
