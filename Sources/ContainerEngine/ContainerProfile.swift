import FunctionModel

/// The one profile of every container: what a spec asks for, with everything that no spec can change.
/// It becomes the engine's create request and the equivalent command line, which must say the same.
package struct ContainerProfile: Sendable {
    /// A file system in memory.
    struct MemoryFileSystem: Equatable, Sendable {
        var target: String
        var options: String
    }

    let spec: ContainerSpec
    /// Name or id of the image.
    let image: String
    /// Host files that the base image shows.
    let hostMounts: [ReadOnlyMount]
    /// Directories that an image declares as volumes; without something in their place the engine would give each a
    /// writable directory on the host's disk.
    let imageVolumes: [String]
    /// Thousandths of a processor; never more than the host has, which engines refuse.
    let cpuMillis: Int

    static let taskDirectory = "/var/task"
    static let controlDirectory = "/run/glo"
    static let initPath = "/run/glo-init"
    static let controlSocket = "/run/glo/init.sock"
    static let egressNetwork = "glo-egress"
    /// Soft and hard limit of open descriptors.
    static let openFiles = 8192
    /// When the host itself runs out of memory its own services survive the functions.
    static let outOfMemoryScore = 500
    static let noNewPrivileges = "no-new-privileges"

    package init(
        spec: ContainerSpec, image: String, hostMounts: [ReadOnlyMount], imageVolumes: [String], processors: Int
    ) {
        self.spec = spec
        self.image = image
        self.hostMounts = hostMounts
        let taken = [Self.taskDirectory, Self.controlDirectory, Self.initPath, "/run/secrets", "/tmp", "/dev/shm"]
        self.imageVolumes = imageVolumes.filter { !taken.contains($0) && $0.hasPrefix("/") && !$0.contains(":") }
        cpuMillis = max(10, processors > 0 ? min(spec.limits.cpuMillis, processors * 1000) : spec.limits.cpuMillis)
    }

    /// The handler's memory and the reserve in which it ends what it runs once it has used that up.
    var memoryBytes: Int { spec.limits.containerMemoryBytes }

    var user: String { "\(spec.uid):\(spec.uid)" }

    var networkMode: String {
        switch spec.network {
        case .none: "none"
        case .egress: Self.egressNetwork
        }
    }

    /// What is mounted from the host, all of it read-only. That the control directory is read-only does not hinder
    /// connecting to the socket in it.
    var mounts: [ReadOnlyMount] {
        hostMounts + [
            ReadOnlyMount(source: spec.taskDirectory, target: Self.taskDirectory),
            ReadOnlyMount(source: spec.controlDirectory, target: Self.controlDirectory),
            ReadOnlyMount(source: spec.initPath, target: Self.initPath),
        ] + spec.mounts
    }

    var memoryFileSystems: [MemoryFileSystem] {
        let locked = "rw,noexec,nosuid,nodev"
        let size = spec.limits.temporaryBytes
        let temporary = spec.limits.runsTemporaryPrograms ? "rw,exec,nosuid,nodev" : locked
        return [
            // Init writes secrets here, as the worker's user.
            MemoryFileSystem(
                target: "/run/secrets", options: "\(locked),size=1048576,mode=0700,uid=\(spec.uid),gid=\(spec.uid)"),
            MemoryFileSystem(target: "/tmp", options: "\(temporary),size=\(size),mode=1777"),
            // Semaphores and shared memory of POSIX, which pools of processes use; private, as everything in a container.
            MemoryFileSystem(target: "/dev/shm", options: "\(locked),size=\(size),mode=1777"),
        ] + imageVolumes.map { MemoryFileSystem(target: $0, options: "\(locked),size=\(size),mode=1777") }
    }

    var program: [String] { [Self.initPath, Self.controlSocket] }
}
