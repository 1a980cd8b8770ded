import CLinux
import Glibc
import FunctionModel
import InitLink
import LinuxSystem
import Logging
import Testing

/// The controller's end against a peer that the test plays itself.
@Suite("Connections of the hub", .timeLimit(.minutes(1)))
struct HubTests {
    static func withPeer(
        _ body: (_ peer: OwnedDescriptor, _ log: EventLog, _ connection: InitConnection) throws -> Void
    ) throws {
        let directory = try InitUnderTest.makeDirectory()
        defer { rmdir(directory) }
        let hub = try InitHub(logger: Logger(label: "test"))
        defer { hub.shutdown() }
        let log = EventLog()
        let connection = try hub.listen(directory: directory, delegate: log)
        let peer = OwnedDescriptor(owning: clinux_connect_unix(directory + "/init.sock"))
        #expect(peer.raw >= 0)
        try body(peer, log, connection)
    }

    static func send(_ bytes: [UInt8], _ descriptors: [Int32] = [], to peer: OwnedDescriptor) {
        let count = bytes.withUnsafeBytes {
            clinux_send(peer.raw, $0.baseAddress, $0.count, descriptors, descriptors.count)
        }
        #expect(count == bytes.count)
    }

    @Test("One peer is accepted, then the socket is gone")
    func acceptsOnePeer() throws {
        let directory = try InitUnderTest.makeDirectory()
        defer { rmdir(directory) }
        let hub = try InitHub(logger: Logger(label: "test"))
        defer { hub.shutdown() }
        let log = EventLog()
        _ = try hub.listen(directory: directory, delegate: log)
        var status = stat()
        #expect(lstat(directory + "/init.sock", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o666)
        let peer = OwnedDescriptor(owning: clinux_connect_unix(directory + "/init.sock"))
        Self.send(FrameCodecTests.hello, to: peer)
        let hello = try log.first { if case .connected(let hello) = $0 { hello } else { nil } }
        #expect(hello == InitHello(mode: .process, processID: 7, userID: 65534))
        #expect(clinux_connect_unix(directory + "/init.sock") == -1)
        #expect(lstat(directory + "/init.sock", &status) == -1)
    }

    @Test("A directory whose path is longer than a socket's address works")
    func longDirectories() throws {
        let base = try InitUnderTest.makeDirectory()
        let long = base + "/" + String(repeating: "d", count: 200)
        #expect(mkdir(long, 0o700) == 0)
        defer {
            rmdir(long)
            rmdir(base)
        }
        let hub = try InitHub(logger: Logger(label: "test"))
        defer { hub.shutdown() }
        let log = EventLog()
        let connection = try hub.listen(directory: long, delegate: log)
        let place = OwnedDescriptor(owning: clinux_open_place(long))
        let peer = OwnedDescriptor(owning: clinux_connect_unix("/proc/self/fd/\(place.raw)/init.sock"))
        #expect(peer.raw >= 0)
        connection.close()
        #expect(try log.end() == nil)
    }

    @Test("A directory that is missing is an error that names it")
    func missingDirectory() throws {
        let hub = try InitHub(logger: Logger(label: "test"))
        defer { hub.shutdown() }
        let error = #expect(throws: InitLinkError.self) {
            try hub.listen(directory: "/nonexistent/place", delegate: EventLog())
        }
        #expect(error?.code == .system)
        #expect(error?.message.contains("/nonexistent/place") == true)
        #expect(error?.systemError == ENOENT)
    }

    @Test("Closing before anybody came removes the socket")
    func closingEarly() throws {
        let directory = try InitUnderTest.makeDirectory()
        defer { rmdir(directory) }
        let hub = try InitHub(logger: Logger(label: "test"))
        defer { hub.shutdown() }
        let log = EventLog()
        let connection = try hub.listen(directory: directory, delegate: log)
        connection.close()
        connection.close()
        #expect(try log.end() == nil)
        #expect(access(directory + "/init.sock", F_OK) == -1)
    }

    @Test(
        "A peer that breaks the protocol is cut off with a reason",
        arguments: [
            FrameCodecTests.hello + FrameCodecTests.hello,
            FrameCodecTests.frame(GLO_FRAME_STARTED, 1, [1, 0, 0, 0]),
            FrameCodecTests.hello + FrameCodecTests.frame(GLO_FRAME_STARTED, 9, [1, 0, 0, 0]),
            [UInt8](repeating: 0xFF, count: 4096),
        ])
    func violations(_ bytes: [UInt8]) throws {
        try Self.withPeer { peer, log, _ throws in
            Self.send(bytes, to: peer)
            #expect(try log.end()?.code == .protocolViolation)
            #expect(try readAll(peer).isEmpty)
        }
    }

    @Test("Descriptors arrive with their frame, close on exec, and are closed when nobody takes them")
    func passesDescriptors() throws {
        try Self.withPeer { peer, log, connection throws in
            Self.send(FrameCodecTests.hello, to: peer)
            connection.start(StartCommand(worker: 1, contract: .stdio, arguments: ["x"]))
            var ends: (Int32, Int32) = (-1, -1)
            #expect(clinux_pipe(&ends.0, &ends.1) == 0)
            let reader = OwnedDescriptor(owning: ends.0)
            let writer = OwnedDescriptor(owning: ends.1)
            var others: (Int32, Int32) = (-1, -1)
            #expect(clinux_pipe(&others.0, &others.1) == 0)
            let other = (OwnedDescriptor(owning: others.0), OwnedDescriptor(owning: others.1))
            let frame = FrameCodecTests.frame(GLO_FRAME_DESCRIPTORS, 1, [3, 2, 0, 0])
            // The frame in two pieces: the descriptors come with the first.
            Self.send(Array(frame.prefix(5)), [writer.raw, other.0.raw], to: peer)
            writer.close()
            Self.send(Array(frame.dropFirst(5)) + FrameCodecTests.frame(GLO_FRAME_STARTED, 1, [9, 0, 0, 0]), to: peer)
            #expect(try log.startedProcess(of: 1) == 9)
            let count = try log.first { event -> Int? in
                guard case .descriptors(1, .stdio, let descriptors, 0) = event else { return nil }
                for descriptor in descriptors {
                    descriptor.close()
                    #expect(descriptor.take() == -1)
                }
                return descriptors.count
            }
            #expect(count == 2)
            // Every copy of the writing end is closed, so the reading end sees the end.
            #expect(try readAll(reader).isEmpty)
        }
    }

    @Test("Announced descriptors that do not come are a violation")
    func missingDescriptors() throws {
        try Self.withPeer { peer, log, connection throws in
            connection.start(StartCommand(worker: 1, contract: .lambda, arguments: ["x"]))
            Self.send(FrameCodecTests.hello + FrameCodecTests.frame(GLO_FRAME_DESCRIPTORS, 1, [1, 1, 0, 0]), to: peer)
            #expect(try log.end()?.code == .protocolViolation)
        }
    }

    @Test("Descriptors without end are a violation, and none stays open")
    func tooManyDescriptors() throws {
        try Self.withPeer { peer, log, _ throws in
            var ends: (Int32, Int32) = (-1, -1)
            #expect(clinux_pipe(&ends.0, &ends.1) == 0)
            let reader = OwnedDescriptor(owning: ends.0)
            let writer = OwnedDescriptor(owning: ends.1)
            Self.send(FrameCodecTests.hello, to: peer)
            Self.send([0], [Int32](repeating: writer.raw, count: 200), to: peer)
            writer.close()
            #expect(try log.end()?.code == .protocolViolation)
            #expect(try readAll(reader).isEmpty)
        }
    }

    @Test("A peer that goes away is reported as gone")
    func peerGone() throws {
        try Self.withPeer { peer, log, _ throws in
            Self.send(FrameCodecTests.hello, to: peer)
            peer.close()
            #expect(try log.end()?.code == .peerGone)
        }
    }

    @Test("A peer that takes nothing overflows in the end, and nobody waits meanwhile")
    func overflow() throws {
        try Self.withPeer { peer, log, connection throws in
            Self.send(FrameCodecTests.hello, to: peer)
            let large = [UInt8](repeating: 7, count: 1 << 20)
            for id in UInt32(1)...20 {
                var command = StartCommand(worker: id, contract: .lambda, arguments: ["x"])
                command.secrets = [.init(name: "s", contents: large)]
                connection.start(command)
            }
            #expect(try log.end()?.code == .overflow)
        }
    }

    @Test("A command that is larger than init takes is refused with its size")
    func tooLargeCommand() throws {
        try Self.withPeer { peer, log, connection throws in
            Self.send(FrameCodecTests.hello, to: peer)
            var command = StartCommand(worker: 1, contract: .lambda, arguments: ["x"])
            command.secrets = [.init(name: "s", contents: [UInt8](repeating: 7, count: 3 << 20))]
            connection.start(command)
            let error = try #require(try log.end())
            #expect(error.code == .overflow)
            #expect(error.message.contains("bytes"))
        }
    }

    @Test("Commands given before the peer has come reach it, in order and whole")
    func commandsWait() throws {
        let directory = try InitUnderTest.makeDirectory()
        defer { rmdir(directory) }
        let hub = try InitHub(logger: Logger(label: "test"))
        defer { hub.shutdown() }
        let log = EventLog()
        let connection = try hub.listen(directory: directory, delegate: log)
        var expected: [UInt8] = []
        for id in UInt32(1)...8 {
            var command = StartCommand(worker: id, contract: .lambda, arguments: ["x"])
            command.secrets = [.init(name: "s", contents: [UInt8](repeating: UInt8(id), count: 1 << 20))]
            connection.start(command)
            expected += InitCommandEncoder.start(command)
        }
        let peer = OwnedDescriptor(owning: clinux_connect_unix(directory + "/init.sock"))
        var received: [UInt8] = []
        while received.count < expected.count { received += try readSome(peer) }
        #expect(received == expected)
    }

    @Test("Shutting down closes every connection, and nothing can be opened after it")
    func shutdown() throws {
        let directory = try InitUnderTest.makeDirectory()
        defer { rmdir(directory) }
        let hub = try InitHub(logger: Logger(label: "test"))
        let log = EventLog()
        let connection = try hub.listen(directory: directory, delegate: log)
        hub.shutdown()
        hub.shutdown()
        #expect(try log.end() == nil)
        connection.close()
        connection.signal(worker: 1, signal: 15)
        let error = #expect(throws: InitLinkError.self) { try hub.listen(directory: directory, delegate: log) }
        #expect(error?.code == .shutDown)
        #expect(access(directory + "/init.sock", F_OK) == -1)
    }
}
