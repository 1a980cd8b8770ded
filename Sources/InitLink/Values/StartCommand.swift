internal import CLinux
package import FunctionModel

/// What init is to start: one worker.
package struct StartCommand: Sendable {
    /// A file that is written before the handler starts.
    package struct Secret: Hashable, Sendable {
        /// The file's name; not empty, no `/`, no leading `.`: init gives up the connection over any other.
        package var name: String
        package var contents: [UInt8]

        package init(name: String, contents: [UInt8]) {
            self.name = name
            self.contents = contents
        }
    }

    /// Chosen by the controller, unique among the workers of one init, not 0.
    package var worker: UInt32
    package var contract: Contract
    /// The first is the program: a path, relative to the working directory, or a name that is searched on `PATH`.
    package var arguments: [String]
    /// The whole environment; init adds only `AWS_LAMBDA_RUNTIME_API` or `PORT`.
    package var environment: [(name: String, value: String)]
    package var workingDirectory: String
    /// exec: runs at once, brought into 1 ... 64.
    package var slots: Int = 1
    /// 0 lets init choose.
    package var port: UInt16 = 0
    package var secrets: [Secret] = []
    package var secretsDirectory: String = "/run/secrets"
    /// http: how long the server may take until it accepts its first connection.
    package var connectTimeoutMilliseconds: Int = 10_000
    /// Output lines beyond this are dropped and counted.
    package var logBytesPerSecond: Int = 1_000_000
    /// Longer lines are split; brought into 1 ... 32768.
    package var logLineBytes: Int = 8192

    package init(
        worker: UInt32, contract: Contract, arguments: [String], environment: [(name: String, value: String)] = [],
        workingDirectory: String = "/"
    ) {
        self.worker = worker
        self.contract = contract
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
    }

    /// The slots that init is asked for.
    var effectiveSlots: Int { contract == .exec ? min(max(slots, 1), Int(GLO_SLOTS_MAX)) : 0 }
}
