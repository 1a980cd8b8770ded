import CLinux
import Glibc
import FunctionModel
import InitLink
import LinuxSystem
import Testing

/// lambda, http and stdio workers under the real glo-init.
@Suite("Workers that stay up, under the real init", .timeLimit(.minutes(2)))
struct ResidentWorkerTests {
    /// A small HTTP server on $PORT, after a pause.
    static let server = """
        import os, socket, sys, time
        time.sleep(float(sys.argv[1]))
        s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("127.0.0.1", int(os.environ["PORT"]))); s.listen(16)
        while True:
            c, _ = s.accept(); c.sendall(b"served\\n"); c.close()
        """

    @Test("A lambda worker gets a listener that the controller accepts on")
    func lambda() throws {
        let init_ = try InitUnderTest()
        let script = """
            exec 3<>/dev/tcp/${AWS_LAMBDA_RUNTIME_API%:*}/${AWS_LAMBDA_RUNTIME_API#*:}
            echo from-$BASE >&3; read -r line <&3; echo "out $line"; echo "err $line" >&2; exit 7
            """
        var command = init_.shell(1, .lambda, script)
        command.arguments = ["bash", "-c", script]
        init_.connection.start(command)
        let (listener, port) = try init_.log.first { event -> (OwnedDescriptor?, UInt16)? in
            guard case .descriptors(1, .listener, let descriptors, let port) = event else { return nil }
            return (descriptors.first, port)
        }
        #expect(port > 0)
        let socket = try #require(listener)
        #expect(try init_.log.startedProcess(of: 1) > 0)
        try wait(socket, POLLIN)
        let peer = OwnedDescriptor(owning: clinux_accept(socket.raw))
        #expect(String(decoding: try readSome(peer), as: UTF8.self) == "from-base\n")
        try writeAll(Array("hello\n".utf8), to: peer)
        let output = try init_.log.line(of: 1, containing: "out hello")
        #expect(output.stream == .standardOutput)
        #expect(try init_.log.line(of: 1, containing: "err hello").stream == .standardError)
        let report = try init_.log.exit(of: 1)
        #expect(report.end == .exited(code: 7))
        #expect(report.peakMemoryBytes > 100_000)
        #expect(!report.cancelled && !report.killed && !report.outOfMemory)
    }

    @Test("An http worker's connection comes when its server listens, and more on demand")
    func http() throws {
        let init_ = try InitUnderTest()
        var command = init_.shell(1, .http, "")
        command.arguments = ["python3", "-c", Self.server, "0.3"]
        init_.connection.start(command)
        for round in 1...3 {
            if round > 1 { init_.connection.connect(worker: 1) }
            let connection = try init_.log.first { event -> OwnedDescriptor? in
                guard case .descriptors(1, .connection, let descriptors, _) = event else { return nil }
                return descriptors.first.flatMap { $0.raw >= 0 ? $0 : nil }
            }
            #expect(String(decoding: try readAll(connection), as: UTF8.self) == "served\n")
            connection.close()
        }
        init_.connection.stop(worker: 1, graceMilliseconds: 5000)
        let report = try init_.log.exit(of: 1)
        #expect(report.end == .signalled(SIGTERM))
        #expect(report.cancelled && !report.killed)
    }

    @Test("An http worker that never listens is reported after its time, with the reason")
    func httpTimeout() throws {
        let init_ = try InitUnderTest()
        var command = init_.shell(1, .http, "exec sleep 60")
        command.connectTimeoutMilliseconds = 150
        init_.connection.start(command)
        let error = try init_.log.first { if case .connectFailed(1, let error) = $0 { error } else { nil } }
        #expect(error == ECONNREFUSED)
        init_.connection.signal(worker: 1, signal: SIGKILL)
        #expect(try init_.log.exit(of: 1).end == .signalled(SIGKILL))
    }

    @Test("A stdio worker's streams reach the controller, 5 MB each way")
    func stdio() throws {
        let init_ = try InitUnderTest()
        init_.connection.start(init_.shell(1, .stdio, "echo ready >&2; exec cat"))
        let streams = try init_.log.descriptors(of: 1)
        #expect(streams.count == 2)
        #expect(try init_.log.line(of: 1, containing: "ready").stream == .standardError)
        let sent = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        var received: [UInt8] = []
        var rest = sent[...]
        while received.count < sent.count {
            if !rest.isEmpty {
                let count = rest.prefix(65536).withUnsafeBytes { write(streams[0].raw, $0.baseAddress, $0.count) }
                if count > 0 { rest = rest.dropFirst(count) }
            }
            received += try readSome(streams[1])
        }
        #expect(received == sent)
        streams[0].close()
        #expect(try readAll(streams[1]).isEmpty)
        #expect(try init_.log.exit(of: 1).end == .exited(code: 0))
    }

    @Test("Several workers live side by side, and signals reach the right one")
    func severalWorkers() throws {
        let init_ = try InitUnderTest()
        for id in UInt32(1)...4 { init_.connection.start(init_.shell(id, .lambda, "echo up-$$; exec sleep 60")) }
        for id in UInt32(1)...4 { _ = try init_.log.line(of: id, containing: "up-") }
        init_.connection.signal(worker: 3, signal: SIGUSR1)
        #expect(try init_.log.exit(of: 3).end == .signalled(SIGUSR1))
        for id in [UInt32(1), 2, 4] { init_.connection.stop(worker: id, graceMilliseconds: 5000) }
        for id in [UInt32(1), 2, 4] { #expect(try init_.log.exit(of: id).end == .signalled(SIGTERM)) }
    }

    @Test("A handler that ignores SIGTERM is killed after the grace")
    func stopKills() throws {
        let init_ = try InitUnderTest()
        init_.connection.start(init_.shell(1, .stdio, "trap '' TERM; echo armed >&2; while :; do sleep 1; done"))
        _ = try init_.log.line(of: 1, containing: "armed")
        init_.connection.stop(worker: 1, graceMilliseconds: 100)
        let report = try init_.log.exit(of: 1)
        #expect(report.end == .signalled(SIGKILL))
        #expect(report.cancelled && report.killed)
    }

    @Test("A handler has default signals, an empty mask, a session of its own and only its three streams")
    func cleanProcess() throws {
        let init_ = try InitUnderTest()
        let script =
            "grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status >&2; ls /proc/self/fd | tr '\\n' ' ' >&2; "
            + "echo >&2; echo session $(cut -d' ' -f6 /proc/$$/stat) $$ >&2; pwd >&2"
        var command = init_.shell(1, .stdio, script)
        command.arguments = ["bash", "-c", script]
        init_.connection.start(command)
        _ = try init_.log.exit(of: 1)
        let lines = init_.log.all.compactMap { event -> String? in
            if case .output(1, let line) = event { String(decoding: line.bytes, as: UTF8.self) } else { nil }
        }
        #expect(lines.contains { $0.hasPrefix("SigBlk") && $0.hasSuffix("0000000000000000") })
        #expect(lines.contains { $0.hasPrefix("SigIgn") && $0.hasSuffix("0000000000000000") })
        // 3 is the directory that ls reads.
        #expect(lines.contains("0 1 2 3 "))
        let session = try #require(lines.first { $0.hasPrefix("session") }).split(separator: " ")
        #expect(session[1] == session[2])
        #expect(lines.contains(init_.directory))
    }

    @Test("Secrets are files that only their owner reads, written before the handler starts")
    func secrets() throws {
        let init_ = try InitUnderTest()
        var command = init_.shell(1, .stdio, "stat -c %a secrets/* >&2; cat secrets/db >&2")
        command.secretsDirectory = init_.directory + "/secrets"
        command.secrets = [.init(name: "db", contents: Array("p4ss".utf8)), .init(name: "empty", contents: [])]
        init_.connection.start(command)
        #expect(try init_.log.line(of: 1, containing: "p4ss").bytes.count == 4)
        _ = try init_.log.exit(of: 1)
        let modes = init_.log.all.filter {
            if case .output(1, let line) = $0 { Array(line.bytes) == Array("400".utf8) } else { false }
        }
        #expect(modes.count == 2)
        // A second worker gets them again, though the files cannot be written any more.
        command.worker = 2
        command.secrets[0].contents = Array("n3w".utf8)
        init_.connection.start(command)
        _ = try init_.log.line(of: 2, containing: "n3w")
    }

    @Test("A secret that cannot be written fails the start", arguments: ["../up", ".hidden", ""])
    func badSecretNames(_ name: String) throws {
        let init_ = try InitUnderTest()
        var command = init_.shell(1, .stdio, "true")
        command.secretsDirectory = init_.directory + "/secrets"
        command.secrets = [.init(name: name, contents: [1])]
        init_.connection.start(command)
        // A name that is none is the controller's mistake: init trusts the rest no more.
        #expect(try init_.log.end()?.code == .peerGone)
        #expect(try init_.waitForExit().code == 0)
    }
}
