/// Whether the kernel can filter system calls, which every container is started with.
package enum SystemCallsCheck {
    static let subject = Subject(
        "seccomp", "Filters of system calls", good: "seccomp filters, with error numbers as answers",
        why: "Glo takes from functions the calls that lead out of a container, and starts none where it cannot.")

    package static func finding(_ source: HostSource) -> Finding {
        // proc(5), /proc/sys/kernel/seccomp: what a filter may answer; since Linux 4.14.
        let actions = (source.text("/proc/sys/kernel/seccomp/actions_avail") ?? "").split(separator: " ")
        if actions.contains("errno"), actions.contains("allow") { return subject.ok("there") }
        return subject.bad(
            "missing", fix: "Boot a kernel with CONFIG_SECCOMP_FILTER; every distribution's has it.")
    }
}
