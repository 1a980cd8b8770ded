import Glibc
import LinuxSystem

/// The processes below a process, from /proc.
enum ProcessTree {
    /// The process itself and all its descendants, as far as they can be seen.
    /// - Parameter onFound: told of each descendant before its own children are looked for.
    static func members(of root: pid_t, onFound: (pid_t) -> Void = { _ in }) -> [pid_t] {
        var found = [root]
        var index = 0
        while index < found.count, found.count < 100_000 {
            let process = found[index]
            for task in (try? DirectoryStream.names(in: "/proc/\(process)/task")) ?? [] {
                let children = ProcFile.text("/proc/\(process)/task/\(task)/children")
                for child in children.split(separator: " ").compactMap({ pid_t($0) }) {
                    onFound(child)
                    found.append(child)
                }
            }
            index += 1
        }
        return found
    }

    /// Kills the process and all its descendants. Each is stopped before its children are listed: a process with a
    /// pending signal does not fork, so none can come to be behind the list's back, as it would when a parent sees its
    /// child die first.
    static func kill(_ root: pid_t) {
        _ = Glibc.kill(root, SIGSTOP)
        let members = members(of: root) { _ = Glibc.kill($0, SIGSTOP) }
        // The last found first: a stopped child of a parent that died would be woken.
        for process in members.reversed() { _ = Glibc.kill(process, SIGKILL) }
    }

    /// Bytes of a line of /proc/<pid>/status such as `VmRSS:     1234 kB`; nil when there is none.
    static func bytes(_ key: String, of process: pid_t) -> Int? {
        for line in ProcFile.text("/proc/\(process)/status").split(separator: "\n") where line.hasPrefix(key + ":") {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            return words.count > 1 ? Int(words[1]).map { $0 << 10 } : nil
        }
        return nil
    }
}
