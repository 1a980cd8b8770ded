import CurlClient
import Foundation
import Glibc

@testable import ContainerEngine

/// Runs shell commands in a container. Its init is a script that connects to the control socket, as the real init does,
/// and there takes commands.
final class ContainerShell: Sendable {
    static let script = """
        #!/usr/bin/python3
        import json, socket, subprocess, sys
        control = socket.socket(socket.AF_UNIX)
        control.connect(sys.argv[1])
        for line in control.makefile():
            run = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True)
            answer = {"code": run.returncode, "output": run.stdout + run.stderr}
            control.sendall((json.dumps(answer) + "\\n").encode())
        """

    struct Answer: Decodable, Sendable {
        var code: Int
        var output: String
    }

    private let listener: Int32
    private let connection: Int32
    private let pool = BlockingPool(name: "test-shell", threads: 1) { () }

    /// Starts the container and waits until it connects.
    init(_ engine: any ContainerEngine, _ spec: ContainerSpec) async throws {
        let path = "\(spec.controlDirectory)/init.sock"
        listener = Self.listen(path)
        _ = try await engine.start(spec)
        let listener = listener
        connection = await pool.run { _, _ in
            var poll = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            return Glibc.poll(&poll, 1, 10_000) == 1 ? accept(listener, nil, nil) : -1
        }
        guard connection >= 0 else { throw EngineError(.other, "the container did not connect") }
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(connection)
        close(listener)
    }

    func run(_ command: String) async throws -> Answer {
        let connection = connection
        let line = await pool.run { _, _ -> [UInt8] in
            let bytes = Array((command + "\n").utf8)
            guard send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return [] }
            var line: [UInt8] = []
            var byte: UInt8 = 0
            while recv(connection, &byte, 1, 0) == 1, byte != 10 { line.append(byte) }
            return line
        }
        return try JSONDecoder().decode(Answer.self, from: Data(line))
    }

    private static func listen(_ path: String) -> Int32 {
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        _ = Glibc.listen(listener, 8)
        // The worker's user has no other right to it.
        chmod(path, 0o666)
        return listener
    }
}
