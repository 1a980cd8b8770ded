package import FunctionModel

/// All that may differ from one container to the next. What is not here is the same for every one
/// (``ContainerProfile``), so no manifest can loosen it.
package struct ContainerSpec: Hashable, Sendable {
    package var id: ContainerID
    /// An image's id (`sha256:…`, from `ensureImage`) or name; nil is the built-in base image.
    package var image: String?
    /// User and group id of everything in the container.
    package var uid: UInt32
    package var limits: Limits
    package var network: Network
    /// Host directory that appears at `/var/task`.
    package var taskDirectory: String
    /// Host directory that appears at `/run/glo`; holds `init.sock`.
    package var controlDirectory: String
    /// Host path of the static init program.
    package var initPath: String
    package var labels: ContainerLabels
    /// More of the host, such as a runtime at `/var/runtime`.
    package var mounts: [ReadOnlyMount]

    package init(
        id: ContainerID, image: String? = nil, uid: UInt32, limits: Limits = Limits(), network: Network = .none,
        taskDirectory: String, controlDirectory: String, initPath: String, labels: ContainerLabels,
        mounts: [ReadOnlyMount] = []
    ) {
        self.id = id
        self.image = image
        self.uid = uid
        self.limits = limits
        self.network = network
        self.taskDirectory = taskDirectory
        self.controlDirectory = controlDirectory
        self.initPath = initPath
        self.labels = labels
        self.mounts = mounts
    }
}
