import Foundation
import Glibc
import TestSupport

/// Takes from Redis' append-only files what was not synced to the disk, as a power cut does.
struct PowerCut: Sendable {
    /// Where Redis has its files; they are looked for below it.
    let files: String
    /// The notes of `synced_lengths.c`.
    let notes: String

    /// Cuts every incremental file back to its last completed sync. Redis must not run. The bytes that are gone.
    func cut() throws -> Int64 {
        guard let walk = FileManager.default.enumerator(atPath: files) else { return 0 }
        var gone: Int64 = 0
        for case let name as String in walk where name.hasSuffix(".incr.aof") { gone += try cut("\(files)/\(name)") }
        return gone
    }

    private func cut(_ path: String) throws -> Int64 {
        var file = stat()
        guard stat(path, &file) == 0 else { return 0 }
        let note = FileManager.default.contents(atPath: "\(notes)/\(file.st_ino)")
        let synced = note.flatMap { Int64(String(decoding: $0, as: UTF8.self)) } ?? 0
        // The note may be an older file's whose inode number was given out again: then it says nothing.
        guard synced < file.st_size else { return 0 }
        guard truncate(path, Int(synced)) == 0 else { throw TestFailure("cannot cut \(path): errno \(errno)") }
        return Int64(file.st_size) - synced
    }
}
