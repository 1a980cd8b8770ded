import Foundation
import Glibc
import Synchronization

/// Holds open the ledger of every handler in a container, which lies in the memory of its `/tmp`: so it outlives the
/// container. A handler takes no event before its ledger is held, so none is missing at the end. It needs root, to see
/// another's `/tmp` through `/proc`.
final class ContainerLedgers: Sendable {
    /// A ledger held open, and whose it is, as the host counts processes.
    private struct Held {
        var file: Int32
        var pid: Int32
    }

    private struct State {
        /// By device and inode: a process can be seen twice.
        var held: [String: Held] = [:]
        var decided: Set<Int32> = []
    }

    /// Where the handler writes, as it sees it. Nobody else's has that name.
    private let path: String
    private let state = Mutex(State())

    init(path: String) { self.path = path }

    deinit { for ledger in state.withLock({ $0.held.values }) { close(ledger.file) } }

    /// Looks for new handlers until it is cancelled.
    func watch() async {
        while !Task.isCancelled {
            look()
            try? await Task.sleep(for: .milliseconds(15))
        }
    }

    /// What each handler has written so far.
    var contents: [(pid: Int32, bytes: [UInt8])] {
        state.withLock { state in state.held.values.map { ($0.pid, Self.bytes(of: $0.file)) } }
    }

    private static func bytes(of file: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = pread(file, &buffer, buffer.count, off_t(bytes.count))
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
        }
    }

    private func look() {
        let present = Set(HostProcess.all())
        let new = state.withLock { state in
            state.decided.formIntersection(present)
            return present.subtracting(state.decided)
        }
        for pid in new where isDecided(pid) { state.withLock { _ = $0.decided.insert(pid) } }
    }

    /// False for what may still become a handler, or has not opened its ledger yet.
    private func isDecided(_ pid: Int32) -> Bool {
        let words = HostProcess.commandLine(pid)
        // Between fork and exec a process has its parent's.
        guard !words.isEmpty, !words.contains("glo-init"), !words.contains("runc") else { return words.isEmpty }
        guard words.contains(Preparation.handler) else { return true }
        let file = open("/proc/\(pid)/root\(path)", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return errno != ENOENT }
        var status = stat()
        guard fstat(file, &status) == 0 else {
            close(file)
            return true
        }
        let isNew = state.withLock { state in
            let key = "\(status.st_dev) \(status.st_ino)"
            guard state.held[key] == nil else { return false }
            state.held[key] = Held(file: file, pid: pid)
            return true
        }
        guard isNew else {
            close(file)
            return true
        }
        // What the handler waits for.
        fchmod(file, status.st_mode | S_IXUSR)
        return true
    }
}
