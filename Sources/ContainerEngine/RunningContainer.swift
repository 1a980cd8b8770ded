/// A container that was started.
package struct RunningContainer: Hashable, Sendable {
    package let id: ContainerID
    /// The engine's own id: 64 hexadecimal digits for Docker, the process id for process isolation.
    package let engineID: String
    /// Process id of init as the host sees it; nil when it had already ended.
    package let processID: Int32?

    package init(id: ContainerID, engineID: String, processID: Int32?) {
        self.id = id
        self.engineID = engineID
        self.processID = processID
    }
}
