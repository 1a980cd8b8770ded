/// How many workers are in which state.
package struct WorkerStates: Codable, Hashable, Sendable {
    package var starting: Int
    package var idle: Int
    package var busy: Int
    package var draining: Int
    package var stopping: Int

    package init(starting: Int = 0, idle: Int = 0, busy: Int = 0, draining: Int = 0, stopping: Int = 0) {
        self.starting = starting
        self.idle = idle
        self.busy = busy
        self.draining = draining
        self.stopping = stopping
    }

    package var total: Int { starting + idle + busy + draining + stopping }
}
