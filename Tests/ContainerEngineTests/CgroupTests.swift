import Testing

@testable import ContainerEngine

@Suite struct CgroupTests {
    private let hybrid = """
        36 30 0:31 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
        40 30 0:35 / /sys/fs/cgroup/memory rw,relatime shared:3 - cgroup cgroup rw,memory
        45 30 0:40 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
        """

    @Test("Version 1 is found by its memory controller, also beside version 2's tree")
    func version1() throws {
        let cgroups = "9:name=systemd:/docker/abc\n4:cpu,memory:/docker/abc\n0::/docker/abc\n"
        let place = try #require(CgroupPlace(cgroups: cgroups, mountInfo: hybrid, containerID: "abc"))
        #expect(place.directory == "/sys/fs/cgroup/memory/docker/abc" && !place.isVersion2)
    }

    @Test("Version 2 is one line")
    func version2() throws {
        let place = try #require(
            CgroupPlace(
                cgroups: "0::/system.slice/docker-abc.scope\n",
                mountInfo: "30 20 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n",
                containerID: "abc"))
        #expect(place.directory == "/sys/fs/cgroup/system.slice/docker-abc.scope" && place.isVersion2)
    }

    @Test("A process id that went to somebody else is not believed")
    func stranger() {
        #expect(CgroupPlace(cgroups: "4:memory:/user\n0::/user\n", mountInfo: hybrid, containerID: "abc") == nil)
    }

    @Test(
        "Numbers are found by their whole key",
        arguments: [
            ("oom_kill 3\n", "oom_kill", 3), ("oom_kill_disable 0\nunder_oom 0\noom_kill 12\n", "oom_kill", 12),
            ("oom 1\n", "oom_kill", nil), ("a 1\nb 2", "b", 2), ("", "a", nil), ("a \n", "a", nil),
        ] as [(String, String, Int?)])
    func value(_ text: String, _ key: String, _ expected: Int?) {
        let bytes = Array(text.utf8)
        let found: Int? = bytes.withUnsafeBytes { bytes in
            switch key {
            case "oom_kill": CgroupText.value(of: "oom_kill", in: bytes)
            case "a": CgroupText.value(of: "a", in: bytes)
            default: CgroupText.value(of: "b", in: bytes)
            }
        }
        #expect(found == expected)
    }

    @Test("An unlimited number does not overflow")
    func overflow() {
        let bytes = Array("99999999999999999999999\n".utf8)
        #expect(bytes.withUnsafeBytes { CgroupText.number($0) } == Int.max)
    }
}
