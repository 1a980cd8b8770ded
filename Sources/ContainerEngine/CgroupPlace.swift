/// Where the files of a container's cgroup of one controller are, such as memory.
struct CgroupPlace: Equatable {
    var directory: String
    var isVersion2: Bool

    /// - Parameters:
    ///   - cgroups: the text of /proc/<pid>/cgroup, see cgroups(7).
    ///   - mountInfo: the text of /proc/self/mountinfo.
    ///   - containerID: what the cgroup's path must contain.
    ///   - controller: of version 1 each may have a tree of its own.
    init?(cgroups: String, mountInfo: String, containerID: String, controller: String = "memory") {
        guard !containerID.isEmpty else { return nil }
        var unified: Substring?
        for line in cgroups.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[2].contains(containerID) else { continue }
            if parts[1].split(separator: ",").contains(Substring(controller)) {
                // A controller that version 1 has is not in version 2's tree.
                guard let mount = Self.mount(mountInfo, type: "cgroup", option: controller) else { return nil }
                self.init(directory: mount + parts[2], isVersion2: false)
                return
            }
            if parts[0] == "0" { unified = parts[2] }
        }
        guard let unified, let mount = Self.mount(mountInfo, type: "cgroup2", option: nil) else { return nil }
        self.init(directory: mount + unified, isVersion2: true)
    }

    private init(directory: String, isVersion2: Bool) {
        self.directory = directory
        self.isVersion2 = isVersion2
    }

    /// The place of the first file system of a type. Behind ` - ` stand type, source and options (proc(5)).
    private static func mount(_ mountInfo: String, type: String, option: String?) -> String? {
        for line in mountInfo.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let dash = words.firstIndex(of: "-"), words.count > dash + 3, words.count > 4 else { continue }
            guard words[dash + 1] == type else { continue }
            if let option, !words[dash + 3].split(separator: ",").contains(Substring(option)) { continue }
            return String(words[4])
        }
        return nil
    }
}
