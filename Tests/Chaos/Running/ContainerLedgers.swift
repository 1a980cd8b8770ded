import Foundation
import Glibc
import Synchronization

/// Holds open the ledger of every handler in a container, which lies in the memory of its `/tmp`: so it outlives the
/// container. It needs root, to see another's /tmp through /proc; without, nothing is found.
final class ContainerLedgers: Sendable {
    /// Where the handler writes, as it sees it.
    static let path = "/tmp/ledger"

    private struct State {
        /// By device and inode: a process can be seen twice.
        var files: [String: Int32] = [:]
        var decided: Set<Int32> = []
    }

    private let state = Mutex(State())

    deinit { for file in state.withLock({ $0.files.values }) { close(file) } }

    /// Looks for new handlers until it is cancelled.
    func watch() async {
        while !Task.isCancelled {
            look()
            try? await Task.sleep(for: .milliseconds(15))
        }
    }

    /// What has been written so far.
    var contents: [[UInt8]] {
        state.withLock { state in
            state.files.values.map { file in
                var bytes: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 1 << 16)
                while true {
                    let count = pread(file, &buffer, buffer.count, off_t(bytes.count))
                    guard count > 0 else { return bytes }
                    bytes += buffer.prefix(count)
                }
            }
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
        let file = open("/proc/\(pid)/root\(Self.path)", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return errno != ENOENT }
        var status = stat()
        guard fstat(file, &status) == 0 else {
            close(file)
            return true
        }
        let isNew = state.withLock { state in
            let key = "\(status.st_dev) \(status.st_ino)"
            guard state.files[key] == nil else { return false }
            state.files[key] = file
            return true
        }
        if !isNew { close(file) }
        return true
    }
}
