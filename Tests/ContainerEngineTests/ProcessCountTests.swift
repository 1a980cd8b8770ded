import Testing

@testable import ContainerEngine

@Suite struct ProcessCountTests {
    @Test(
        "A container has used up its processes when one was refused and there is no room still",
        arguments: [
            ("256\n", "256\n", "max 3\n", true), ("231", "256", "max 1", true), ("230", "256", "max 1", false),
            ("256", "256", "max 0", false), ("256", "256", "", false), ("9", "max\n", "max 4", false),
            ("12", "256", "max 7", false),
        ])
    func usedUp(_ current: String, _ max: String, _ events: String, _ isUsedUp: Bool) throws {
        let reading = try #require(ProcessCount(current: current, max: max, events: events))
        #expect(reading.isUsedUp == isUsedUp)
    }

    @Test("What is no number is no reading")
    func nothing() {
        #expect(ProcessCount(current: "", max: "256", events: "max 1") == nil)
        #expect(ProcessCount(current: "max", max: "256", events: "") == nil)
    }

    @Test("The pids controller has a tree of its own with version 1, and the one tree with version 2")
    func places() {
        let first = CgroupPlace(
            cgroups: "8:pids:/docker/abc\n4:memory:/other/abc\n",
            mountInfo: "30 1 0:1 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
                + "31 1 0:2 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n", containerID: "abc", controller: "pids")
        #expect(first?.directory == "/sys/fs/cgroup/pids/docker/abc")
        let second = CgroupPlace(
            cgroups: "0::/docker/abc\n", mountInfo: "30 1 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
            containerID: "abc", controller: "pids")
        #expect(second?.directory == "/sys/fs/cgroup/docker/abc")
    }
}
