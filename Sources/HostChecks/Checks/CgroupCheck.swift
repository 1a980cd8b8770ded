/// The version of control groups, and whether the controllers that limit workers are there.
package enum CgroupCheck {
    static let subject = Subject(
        "cgroup", "Control groups", good: "version 2, with cpu, memory and pids",
        why: "They are what limits a function. Version 2 ends all of a worker at once when memory runs out.")

    private static let needed = ["cpu", "memory", "pids"]

    package static func finding(_ source: HostSource) -> Finding {
        if let text = source.text("/sys/fs/cgroup/cgroup.controllers") {
            let missing = needed.filter { !text.split(separator: " ").contains(Substring($0)) }
            return missing.isEmpty ? subject.ok("version 2: \(text)") : lacking(missing, "version 2")
        }
        // Columns of proc(5): the name, the hierarchy, the number of groups, and whether it is enabled.
        let enabled = (source.text("/proc/cgroups") ?? "").split(separator: "\n").compactMap { line -> Substring? in
            let words = line.split(separator: "\t")
            return words.count == 4 && words[3] == "1" ? words[0] : nil
        }
        let missing = needed.filter { !enabled.contains(Substring($0)) }
        guard missing.isEmpty else { return lacking(missing, "version 1") }
        return subject.warn(
            "version 1", fix: "Boot with systemd.unified_cgroup_hierarchy=1, the default since Debian 11.")
    }

    private static func lacking(_ missing: [String], _ version: String) -> Finding {
        subject.bad(
            "\(version), without \(missing.joined(separator: ", "))",
            fix: "Boot with cgroup_enable=memory, or a kernel that has \(missing.joined(separator: ", ")).")
    }
}
