/// Why a command could not be started.
package struct StartFailure: Error, Hashable, Sendable {
    package enum Stage: UInt8, Hashable, Sendable, CaseIterable {
        /// The request itself makes no sense to init.
        case request = 1
        case secrets = 2
        /// Opening the listener, pipes, sockets or `/dev/null`.
        case descriptors = 3
        /// Entering the working directory.
        case directory = 4
        /// Finding the program: it is missing or not executable.
        case command = 5
        /// Executing it: its interpreter is missing, its format is wrong, the command line is too long.
        case execute = 6
        /// Making the process: the limit of processes, no memory.
        case process = 7
        /// exec: keeping standard input that the handler has not read yet.
        case input = 8
    }

    package var stage: Stage
    package var systemError: Int32
    /// A sentence that names the file.
    package var message: String

    package init(stage: Stage, systemError: Int32, message: String) {
        self.stage = stage
        self.systemError = systemError
        self.message = message
    }
}
