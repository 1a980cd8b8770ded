import CLinux
import Glibc
import FunctionModel
import InitLink
import LinuxSystem
import Logging
import Testing

@Suite("How init ends", .timeLimit(.minutes(1)))
struct InitEndTests {
    /// A handler of each kind, with a child in its group and one that has left it. Returns all their processes.
    static func populate(_ init_: InitUnderTest, trap: String = "") throws -> (processes: [Int32], slot: SlotClient) {
        let script = "\(trap) sleep 300 & echo p $! >&2; setsid sleep 300 & echo p $! >&2; echo p $$ >&2; wait"
        init_.connection.start(init_.shell(1, .lambda, script))
        let slot = try init_.execSlot(script, worker: 2)
        slot.send(ExecFrameEncoder.run(1, environment: [], standardInput: []))
        try slot.flush()
        let processes = try [UInt32(1), 2].flatMap { worker in
            try init_.log.first { _ -> [Int32]? in
                let lines = OutputTests.lines(init_.log, worker).compactMap { line in
                    Int32(String(decoding: line.bytes, as: UTF8.self).dropFirst(2))
                }
                return lines.count == 3 ? lines : nil
            }
        }
        // The slot stays open as long as the caller keeps it.
        return (processes, slot)
    }

    @Test("When the controller closes the connection, everything is killed and init exits with 0")
    func closing() throws {
        let init_ = try InitUnderTest()
        let (processes, slot) = try Self.populate(init_, trap: "trap '' TERM;")
        defer { slot.socket.close() }
        init_.connection.close()
        #expect(try init_.log.end() == nil)
        let end = try init_.waitForExit()
        #expect(!end.signalled && end.code == 0)
        for process in processes { try InitUnderTest.waitForEnd(of: process) }
    }

    @Test("When the lifeline hangs up, everything is killed, though the connection still stands")
    func lifeline() throws {
        var ends: (read: Int32, write: Int32) = (-1, -1)
        #expect(clinux_pipe(&ends.read, &ends.write) == 0)
        let writing = OwnedDescriptor(owning: ends.write)
        let init_ = try InitUnderTest(lifeline: Lifeline(OwnedDescriptor(owning: ends.read)))
        let (processes, slot) = try Self.populate(init_, trap: "trap '' TERM;")
        defer { slot.socket.close() }
        writing.close()
        let end = try init_.waitForExit()
        #expect(!end.signalled && end.code == 0)
        for process in processes { try InitUnderTest.waitForEnd(of: process) }
        #expect(try init_.log.end()?.code == .peerGone)
    }

    @Test("SIGTERM to init ends all politely, then by force, and reports the ends", arguments: ["", "trap '' TERM;"])
    func terminating(_ trap: String) throws {
        let init_ = try InitUnderTest()
        let (processes, slot) = try Self.populate(init_, trap: trap)
        defer { slot.socket.close() }
        kill(init_.processID, SIGTERM)
        let end = try init_.waitForExit()
        #expect(!end.signalled && end.code == 0)
        for process in processes { try InitUnderTest.waitForEnd(of: process) }
        let report = try init_.log.exit(of: 1)
        #expect(report.end == .signalled(trap.isEmpty ? SIGTERM : SIGKILL))
        #expect(try init_.log.end()?.code == .peerGone)
    }

    @Test("When init itself is killed, its handlers die with it")
    func killed() throws {
        let init_ = try InitUnderTest()
        init_.connection.start(init_.shell(1, .lambda, "exec sleep 300"))
        let handler = try init_.log.startedProcess(of: 1)
        kill(init_.processID, SIGKILL)
        try InitUnderTest.waitForEnd(of: handler)
        #expect(try init_.log.end()?.code == .peerGone)
    }

    @Test("Nonsense from the controller ends init in an orderly way", arguments: 0..<6)
    func nonsense(_ seed: UInt64) throws {
        let directory = try InitUnderTest.makeDirectory()
        let place = OwnedDescriptor(owning: clinux_open_place(directory))
        let listener = OwnedDescriptor(owning: clinux_listen_unix_at(place.raw, "init.sock"))
        defer {
            unlink(directory + "/init.sock")
            rmdir(directory)
        }
        let process = try InitUnderTest.spawn([try InitUnderTest.binary(), directory + "/init.sock", "process"])
        let watch = OwnedDescriptor(owning: clinux_open_process(process))
        try wait(listener, POLLIN)
        let peer = OwnedDescriptor(owning: clinux_accept(listener.raw))
        #expect(Array(try readSome(peer).prefix(16)) == Array(FrameCodecTests.hello.prefix(16)))
        var random = SplitMix(state: seed)
        var command = StartCommand(worker: 1, contract: .lambda, arguments: ["/bin/true"])
        command.secrets = [.init(name: "s", contents: [1])]
        var bytes = InitCommandEncoder.start(command)
        switch seed {
        case 0: bytes[4] = 0x77
        case 1: bytes[8] = 0
        case 2: bytes.replaceSubrange(0..<4, with: [0xFF, 0xFF, 0xFF, 0x7F])
        case 3: bytes[FrameHeader.length] = 9
        default: bytes = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        try writeAll(bytes, to: peer)
        try InitUnderTest.waitForEnd(watch.raw)
        var end = clinux_end()
        #expect(clinux_reap(process, &end))
        #expect(!end.signalled && end.code == 0)
    }

    @Test("Without a controller init says why it cannot work")
    func noController() throws {
        let process = try InitUnderTest.spawn([try InitUnderTest.binary(), "/nonexistent/init.sock", "process"])
        let watch = OwnedDescriptor(owning: clinux_open_process(process))
        try InitUnderTest.waitForEnd(watch.raw)
        var end = clinux_end()
        #expect(clinux_reap(process, &end))
        #expect(!end.signalled && end.code == 1)
    }
}
