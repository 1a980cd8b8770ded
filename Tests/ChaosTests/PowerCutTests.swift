import CLinux
import Foundation
import Glibc
import TestSupport
import Testing

@testable import glo_chaos

@Suite("Power cuts, with a real Redis", .serialized)
struct PowerCutTests {
    /// Writes keys, then kills Redis and cuts its files, and counts the keys that are there after a restart.
    private func keysLeft(appendfsync: String, writing count: Int) async throws -> (left: Int, cut: Int64) {
        let directory = try TemporaryDirectory("glo-cut")
        let path = directory.path
        for name in ["bin", "notes", "redis"] {
            try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: false)
        }
        try await Preparation.preload(path, programs: "\(path)/bin", notes: "\(path)/notes")
        let words = [
            "--port", "0", "--unixsocket", "\(path)/redis.sock", "--dir", "\(path)/redis", "--appendonly", "yes",
            "--appendfsync", appendfsync, "--save", "",
        ]
        let first = try ChildProcess("\(path)/bin/redis-server", words, directory: path)
        let connection = try await RedisConnection(path: "\(path)/redis.sock")
        for key in 0..<count { #expect(try connection.ask("SET key:\(key) value") == "+OK") }
        first.signal(SIGKILL)
        _ = await first.waitForEnd(seconds: 10)
        let cut = try PowerCut(files: "\(path)/redis", notes: "\(path)/notes").cut()
        try? FileManager.default.removeItem(atPath: "\(path)/redis.sock")
        let second = try ChildProcess("\(path)/bin/redis-server", words, directory: path)
        let answer = try await RedisConnection(path: "\(path)/redis.sock").ask("DBSIZE")
        second.signal(SIGKILL)
        _ = await second.waitForEnd(seconds: 10)
        return (Int(answer.dropFirst()) ?? -1, cut)
    }

    @Test("With appendfsync always everything that was acknowledged is still there")
    func always() async throws {
        let result = try await keysLeft(appendfsync: "always", writing: 200)
        #expect(result.left == 200)
        #expect(result.cut == 0)
    }

    @Test("With appendfsync everysec acknowledged writes are gone: the cut does cut")
    func everysec() async throws {
        var result = try await keysLeft(appendfsync: "everysec", writing: 200)
        // Now and then the second's sync comes right behind the last write.
        for _ in 1..<5 where result.cut == 0 {
            result = try await keysLeft(appendfsync: "everysec", writing: 200)
        }
        #expect(result.left < 200)
        #expect(result.cut > 0)
    }
}

/// A connection for inline commands with answers of one line.
private struct RedisConnection: ~Copyable {
    private let descriptor: Int32

    init(path: String) async throws {
        let opened = Opened()
        try await eventually("Redis serves") {
            let candidate = clinux_connect_unix(path)
            guard candidate >= 0 else { return false }
            // While it loads its files it answers with an error.
            if try Self.ask("PING", candidate) == "+PONG" {
                opened.descriptor = candidate
                return true
            }
            close(candidate)
            return false
        }
        descriptor = opened.descriptor
    }

    deinit { close(descriptor) }

    func ask(_ command: String) throws -> String { try Self.ask(command, descriptor) }

    private static func ask(_ command: String, _ descriptor: Int32) throws -> String {
        let line = Array("\(command)\r\n".utf8)
        guard write(descriptor, line, line.count) == line.count else { throw TestFailure("cannot write to Redis") }
        var answer: [UInt8] = []
        var byte: UInt8 = 0
        while answer.last != UInt8(ascii: "\n") {
            guard read(descriptor, &byte, 1) == 1 else { throw TestFailure("Redis has closed the connection") }
            answer.append(byte)
        }
        return String(decoding: answer.dropLast(2), as: UTF8.self)
    }

    private final class Opened { var descriptor: Int32 = -1 }
}
