import Foundation
import Glibc
import TestSupport

/// The redis-server that the controller has started on the state directory.
struct RedisUnderTest: Sendable {
    let state: String

    /// Its process id; nil while there is none.
    var pid: Int32? {
        if let bytes = FileManager.default.contents(atPath: "\(state)/redis/redis.pid"),
            let pid = Int32(String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)),
            isOurs(pid)
        {
            return pid
        }
        return HostProcess.all().first(where: isOurs)
    }

    /// Kills it. The record still lacks its successor.
    func kill() -> KillRecord? {
        guard let pid else { return nil }
        let record = KillRecord(kind: .redis, pid: pid, at: UnixTime.now())
        guard Glibc.kill(pid, SIGKILL) == 0 else { return nil }
        return record
    }

    /// Whether a process is a Redis that belongs to the state directory.
    private func isOurs(_ pid: Int32) -> Bool {
        let words = HostProcess.commandLine(pid)
        guard words.split(separator: " ").first?.hasSuffix("redis-server") == true, HostProcess.isAlive(pid) else {
            return false
        }
        return words.contains(state) || HostProcess.workingDirectory(pid).hasPrefix(state)
    }
}
