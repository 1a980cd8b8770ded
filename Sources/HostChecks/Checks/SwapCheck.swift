/// Whether the machine swaps out what has to be quick.
package enum SwapCheck {
    static let subject = Subject(
        "swap", "Swap", good: "none, or some with vm.swappiness of 10 or less",
        why: "Workers get none. A Redis or a controller that is swapped out answers in seconds instead of microseconds."
    )

    package static func finding(_ source: HostSource) -> Finding {
        // Below the heading: the file, its kind, and its size in KiB (proc(5)).
        let lines = (source.text("/proc/swaps") ?? "").split(separator: "\n").dropFirst()
        let total = lines.compactMap { line -> Int? in
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            return words.count > 2 ? Int(words[2]) : nil
        }.reduce(0, +)
        guard total > 0 else { return subject.ok("none") }
        let swappiness = source.text("/proc/sys/vm/swappiness").flatMap { Int($0) } ?? 60
        let saw = "\(total >> 10) MiB, vm.swappiness = \(swappiness)"
        if swappiness <= 10 { return subject.ok(saw) }
        return subject.warn(
            saw, fix: "sysctl -w vm.swappiness=1", mend: .sysctl(name: "vm.swappiness", value: "1"))
    }
}
