package import AdminModel
package import FunctionModel

/// What the admin API asks about what has happened and how it goes.
package protocol ObservationBackend: Sendable {
    /// Everything that is counted, in Prometheus' text format.
    func metrics() async throws(AdminError) -> [UInt8]

    func statistics() async throws(AdminError) -> LiveStatistics

    /// - Parameter function: nil is all together.
    func history(of function: FunctionName?) async throws(AdminError) -> StatisticsHistory

    /// The last invocations that ended, newest first.
    ///
    /// - Parameter outcome: `ok`, `failed`, or the code of a failure; nil is any.
    func records(
        of name: FunctionName, limit: Int, outcome: String?
    ) async throws(AdminError) -> [InvocationSummary]

    /// - Throws: `invocation_not_found` when it is not remembered.
    func record(_ id: InvocationID) async throws(AdminError) -> RecordDetail
}
