import FunctionModel

/// What the supervisor is told by the configuration.
struct SupervisorSettings: Sendable {
    /// Bytes that all containers' limits may add up to.
    var memoryBudgetBytes: Int
    /// Containers that are kept started without a function.
    var spares: Int
    /// Between SIGTERM and SIGKILL.
    var killGraceMilliseconds = 2_000
    /// Output of one worker that is kept; more is dropped and counted.
    var logBytesPerSecond = 1_000_000
    var secrets: SecretFiles
    /// What is wrong with a version's stored files; nil when nothing is.
    var damage: @Sendable (FunctionVersion) async -> String?
}
