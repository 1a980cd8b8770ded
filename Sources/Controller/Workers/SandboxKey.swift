import FunctionModel

/// What two functions must have in common to use the same spare.
struct SandboxKey: Hashable, Sendable {
    /// The pinned id of an image; nil is the base image.
    var image: String?
    var limits: Limits
    var network: Network

    init(image: String?, limits: Limits, network: Network) {
        self.image = image
        self.network = network
        // Timeouts are kept by the controller, so they do not tell containers apart.
        var limits = limits
        limits.timeoutMilliseconds = 0
        limits.initTimeoutMilliseconds = 0
        self.limits = limits
    }

    /// What a container of this kind takes of the memory budget.
    var memoryBytes: Int { limits.containerMemoryBytes }
}
