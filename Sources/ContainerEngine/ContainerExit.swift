/// How a container ended.
package struct ContainerExit: Hashable, Sendable {
    /// 128 + n when init died of signal n, as shells count.
    package let exitCode: Int
    /// True when the kernel killed any process of the container for memory, even if init went on and exited with 0.
    package let isOutOfMemory: Bool
    /// What the engine itself has to say, mostly nothing.
    package let engineMessage: String?

    package init(exitCode: Int, isOutOfMemory: Bool, engineMessage: String? = nil) {
        self.exitCode = exitCode
        self.isOutOfMemory = isOutOfMemory
        self.engineMessage = engineMessage
    }
}
