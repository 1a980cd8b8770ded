import FunctionModel
import RedisClient

/// What the event plane is told when it is made.
struct EventPlaneSettings: Sendable {
    /// Between `glo:{` and `}` in Redis' keys.
    var namespace: String
    /// This run, as an owner of leases: the state directory's identity and the boot.
    var owner: String
    /// All runs of this state directory, of which only one lives.
    var ownerPrefix: String
    /// Whether no other controller uses this Redis.
    var ownsStore: Bool
    /// Checks a connection and loads the function library.
    var setup: @Sendable () -> RedisSetupStep
    /// Signs what goes to URLs.
    var signer: DestinationSigner
    /// Throws why a callback's URL cannot be used.
    var checkCallback: @Sendable (String) throws(InvocationFailure) -> Void
    /// The last lines that a handler wrote during an invocation. It takes a lock, so it is not for the event loop.
    var logLines: @Sendable (FunctionName, InvocationID) async -> [String]
}
