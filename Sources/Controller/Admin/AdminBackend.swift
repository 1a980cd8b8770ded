package import AdminModel
package import FunctionModel

/// What the admin API asks of the controller. Every method may be called at any time, from any task.
///
/// A method that is given a name of no function throws `function_not_found`.
package protocol AdminBackend: EventBackend, VersionBackend, ObservationBackend {
    func status() async throws(AdminError) -> ControllerStatus

    /// All functions by name, the rejected ones included.
    func functions() async throws(AdminError) -> [FunctionSummary]

    func function(_ name: FunctionName) async throws(AdminError) -> FunctionDetail

    /// The stored versions, newest first.
    func versions(of name: FunctionName) async throws(AdminError) -> [VersionInfo]

    /// Makes a stored version serve, and returns it once it does.
    ///
    /// - Parameter version: nil is the one before the current one.
    /// - Throws: `version_not_found`; `rollback_failed` when it cannot start.
    func rollBack(_ name: FunctionName, to version: Int?) async throws(AdminError) -> VersionInfo

    /// All workers and spares, oldest first.
    func workers() async throws(AdminError) -> [WorkerInfo]

    func explain(_ name: FunctionName) async throws(AdminError) -> Explanation

    /// Runs the function once and waits for its result.
    ///
    /// - Throws: `version_not_found` or `alias_not_found` for a qualifier that leads nowhere;
    ///   otherwise only what kept the invocation from being tried. A failed invocation is a result with its code.
    func invoke(_ name: FunctionName, _ request: InvokeRequest) async throws(AdminError) -> InvokeResult

    /// The last records that are wanted, oldest first; with `follow` also those that come.
    ///
    /// - Throws: `bad_request` when the id is none.
    func logs(_ selection: LogSelection) async throws(AdminError) -> AsyncStream<LogRecord>
}
