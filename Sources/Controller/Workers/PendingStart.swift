import DispatchCore
import FunctionModel

/// A worker that the dispatcher wants.
struct StartRequest: Sendable {
    let id: WorkerID
    let version: FunctionVersion
    /// What its lines of output will belong to.
    let current: CurrentInvocation
    /// Whether a deployment waits for it, which goes before those that only add to what serves.
    let isDeployment: Bool
}

/// A start that was asked for and has not come to its end.
struct PendingStart {
    let request: StartRequest
    /// What kind of container it waits for; nil until its image is known.
    var key: SandboxKey?
    /// False once it was called off.
    var isWanted = true
    /// What is done for it; nil while it waits for memory.
    var task: Task<Void, Never>?
}
