/// What the machine is: its own, a virtual one, or only a container of somebody else's kernel.
package enum VirtualisationCheck {
    package enum Machine: Hashable, Sendable {
        case physical
        /// A virtual machine, by the hypervisor's name.
        case virtual(String)
        /// A container, which shares its kernel with strangers.
        case container(String)
    }

    static let subject = Subject(
        "virtualisation", "Machine", good: "a virtual machine with a kernel of its own (KVM), or hardware",
        why:
            "In a container (OpenVZ, LXC) Docker lacks cgroups, overlayfs or seccomp, and the isolation of functions with it."
    )

    /// The kernel's own process namespace always has this number (PROC_PID_INIT_INO).
    private static let firstProcessNamespace = "pid:[4026531836]"

    package static func finding(_ source: HostSource) -> Finding {
        switch machine(source) {
        case .physical: subject.ok("hardware, no hypervisor")
        case .virtual(let name): subject.ok("a virtual machine: \(name)")
        case .container(let name):
            subject.bad(
                "a container: \(name)",
                fix: "Rent a KVM machine, and run Glo on its own kernel, not inside a container.")
        }
    }

    package static func machine(_ source: HostSource) -> Machine {
        if let name = container(source) { return .container(name) }
        let vendor = source.text("/sys/class/dmi/id/sys_vendor") ?? ""
        let product = source.text("/sys/class/dmi/id/product_name") ?? ""
        let firmware = "\(vendor) \(product)"
        let known: [(mark: String, name: String)] = [
            ("KVM", "KVM"), ("QEMU", "QEMU/KVM"), ("OpenStack", "KVM (OpenStack)"), ("Amazon EC2", "Amazon Nitro"),
            ("Google", "KVM (Google)"), ("Hetzner", "KVM (Hetzner)"), ("UpCloud", "KVM (UpCloud)"),
            ("VMware", "VMware"),
            ("Virtual Machine", "Hyper-V"), ("VirtualBox", "VirtualBox"), ("Xen", "Xen"), ("Parallels", "Parallels"),
        ]
        if let match = known.first(where: { firmware.contains($0.mark) }) { return .virtual(match.name) }
        if let hypervisor = source.text("/sys/hypervisor/type") { return .virtual(hypervisor) }
        let flags = (source.text("/proc/cpuinfo") ?? "").split(separator: "\n").first { $0.hasPrefix("flags") }
        let hasHypervisor = flags?.split(separator: " ").contains("hypervisor") ?? false
        return hasHypervisor ? .virtual("of an unnamed kind (the processor tells of a hypervisor)") : .physical
    }

    private static func container(_ source: HostSource) -> String? {
        // The host of OpenVZ has /proc/bc too.
        if source.exists("/proc/vz"), !source.exists("/proc/bc") { return "OpenVZ" }
        if let name = source.text("/run/systemd/container"), !name.isEmpty { return name }
        let words = (source.text("/proc/1/environ") ?? "").split(separator: "\0")
        if let word = words.first(where: { $0.hasPrefix("container=") }) { return String(word.dropFirst(10)) }
        // A machine that was made out of a container's image has the marks of one, and is none.
        if source.link("/proc/self/ns/pid") == Self.firstProcessNamespace { return nil }
        if source.exists("/.dockerenv") { return "docker" }
        if source.exists("/run/.containerenv") { return "podman" }
        return nil
    }
}
