import Glibc

/// The processes below a process, from /proc.
enum ProcessTree {
    /// The process itself and all its descendants, as far as they can be seen.
    static func members(of root: pid_t) -> [pid_t] {
        var found = [root]
        var index = 0
        while index < found.count, found.count < 100_000 {
            let process = found[index]
            for task in DirectoryListing.names("/proc/\(process)/task") {
                let children = ProcFile.text("/proc/\(process)/task/\(task)/children")
                found += children.split(separator: " ").compactMap { pid_t($0) }
            }
            index += 1
        }
        return found
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
