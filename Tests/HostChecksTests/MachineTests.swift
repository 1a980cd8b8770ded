import HostChecks
import Testing

@Suite("What the machine is")
struct MachineTests {
    @Test(
        "The machine is told by the traces that hypervisors and containers leave",
        arguments: [
            ([:], .physical),
            (
                [
                    "/sys/class/dmi/id/product_name": "Standard PC (Q35 + ICH9, 2009)",
                    "/sys/class/dmi/id/sys_vendor": "QEMU",
                ],
                .virtual("QEMU/KVM")
            ),
            (["/sys/class/dmi/id/sys_vendor": "Hetzner"], .virtual("KVM (Hetzner)")),
            (
                ["/proc/cpuinfo": "processor : 0\nflags\t\t: fpu vme hypervisor lahf_lm"],
                .virtual("of an unnamed kind (the processor tells of a hypervisor)")
            ),
            (["/proc/vz": ""], .container("OpenVZ")),
            (["/proc/vz": "", "/proc/bc": ""], .physical),
            (["/proc/1/environ": "PATH=/bin\0container=lxc\0TERM=linux\0"], .container("lxc")),
            (["/.dockerenv": "", "/sys/class/dmi/id/sys_vendor": "QEMU"], .container("docker")),
        ] as [([String: String], VirtualisationCheck.Machine)])
    func machine(files: [String: String], expected: VirtualisationCheck.Machine) {
        let host = FakeHost.with(files: files)
        #expect(VirtualisationCheck.machine(host) == expected)
        let isContainer = if case .container = expected { true } else { false }
        #expect(VirtualisationCheck.finding(host).severity == (isContainer ? .bad : .ok))
    }

    @Test("A machine made out of a container's image is no container")
    func image() {
        let host = FakeHost.with(files: ["/.dockerenv": ""], links: ["/proc/self/ns/pid": "pid:[4026531836]"])
        #expect(VirtualisationCheck.machine(host) == .physical)
    }

    @Test(
        "A kernel is judged by its number",
        arguments: [
            ("6.1.0-18-amd64", Severity.ok), ("5.11.0", .ok), ("5.10.0-30-amd64", .warn), ("5.6.1", .warn),
            ("4.19.0", .bad), ("3.10.0-1160.el7", .bad),
        ])
    func kernel(release: String, severity: Severity) {
        let host = FakeHost.with(files: ["/proc/sys/kernel/osrelease": release])
        #expect(KernelCheck.finding(host).severity == severity)
    }

    @Test(
        "Control groups need the controllers that limit workers",
        arguments: [
            (["/sys/fs/cgroup/cgroup.controllers": "cpuset cpu io memory pids"], Severity.ok),
            (["/sys/fs/cgroup/cgroup.controllers": "cpuset cpu io pids"], .bad),
            (
                [
                    "/proc/cgroups":
                        "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t2\t1\t1\nmemory\t3\t1\t1\npids\t4\t1\t1"
                ],
                .warn
            ),
            (
                [
                    "/proc/cgroups":
                        "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t2\t1\t1\nmemory\t0\t1\t0\npids\t4\t1\t1"
                ],
                .bad
            ),
        ])
    func cgroups(files: [String: String], severity: Severity) {
        #expect(CgroupCheck.finding(FakeHost.with(files: files)).severity == severity)
    }

    @Test(
        "Huge pages that are always made are a warning, and can be mended",
        arguments: [
            ("always [madvise] never", Severity.ok), ("always madvise [never]", .ok), ("[always] madvise never", .warn),
        ])
    func hugePages(text: String, severity: Severity) {
        let finding = HugePagesCheck.finding(
            FakeHost.with(files: ["/sys/kernel/mm/transparent_hugepage/enabled": text]))
        #expect(finding.severity == severity)
        #expect((finding.mend != nil) == (severity != .ok))
    }

    @Test(
        "Each kernel setting has its bound",
        arguments: [
            ("net.core.somaxconn", "4096", Severity.ok), ("net.core.somaxconn", "128", .warn),
            ("net.ipv4.ip_local_port_range", "32768\t60999", .ok),
            ("net.ipv4.ip_local_port_range", "32768\t40000", .warn),
            ("net.ipv4.tcp_tw_reuse", "2", .ok), ("net.ipv4.tcp_tw_reuse", "0", .warn),
            ("vm.overcommit_memory", "1", .ok), ("vm.overcommit_memory", "0", .warn),
            ("fs.file-max", "9223372036854775807", .ok), ("fs.file-max", "65536", .warn),
            ("net.core.somaxconn", "nonsense", .warn),
        ])
    func sysctl(name: String, text: String, severity: Severity) throws {
        let path = "/proc/sys/" + name.split(separator: ".").joined(separator: "/")
        let findings = SysctlCheck.all.map { $0.finding(FakeHost.with(files: [path: text])) }
        let finding = try #require(findings.first { $0.id == "sysctl.\(name)" })
        #expect(finding.severity == severity)
        #expect((finding.mend != nil) == (severity != .ok))
    }

    @Test(
        "Swap is well when there is none or when it is hardly used",
        arguments: [
            ("", "60", Severity.ok), ("/dev/vda2 partition 2097148 0 -2", "60", .warn),
            ("/dev/vda2 partition 2097148 0 -2", "1", .ok),
        ])
    func swap(line: String, swappiness: String, severity: Severity) {
        let host = FakeHost.with(files: [
            "/proc/swaps": "Filename Type Size Used Priority\n\(line)", "/proc/sys/vm/swappiness": swappiness,
        ])
        #expect(SwapCheck.finding(host).severity == severity)
    }

    @Test(
        "A clock that nothing keeps is a warning",
        arguments: [
            (ClockState(isSynchronized: true, maximumErrorMicroseconds: 900), Severity.ok),
            (ClockState(isSynchronized: true, maximumErrorMicroseconds: 2_000_000), .warn),
            (ClockState(isSynchronized: false, maximumErrorMicroseconds: 16_000_000), .warn), (nil, .warn),
        ] as [(ClockState?, Severity)])
    func clock(state: ClockState?, severity: Severity) {
        #expect(ClockCheck.finding(FakeHost.with(clock: state)).severity == severity)
    }

    @Test("The limit of open files is the controller's, not the shell's")
    func openFiles() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units\n"
        let host = FakeHost.with(files: [
            "/proc/77/limits": limits + "Max open files            65536                65536                files",
            "/proc/self/limits": limits + "Max open files            1024                 524288               files",
        ])
        #expect(OpenFilesCheck.finding(host, controller: 77).severity == .ok)
        #expect(OpenFilesCheck.finding(host, controller: nil).severity == .warn)
    }
}
