package import AdminModel
package import FunctionModel

/// What the admin API asks about events. Every method may be called at any time, from any task.
///
/// All throw `events_unavailable` when events are off or Redis does not answer. A method that is given an id of no
/// event throws `invocation_not_found`.
package protocol EventBackend: Sendable {
    /// Stores an event once for each function that is subscribed to the topic; returns when it cannot be lost.
    ///
    /// - Throws: `topic_not_found` when nobody is; `queue_full`; `idempotency_mismatch`.
    func publish(to topic: String, _ request: EventRequest) async throws(AdminError) -> PublishReceipt

    /// Stores an event for one function; returns when it cannot be lost.
    ///
    /// - Throws: `function_not_found`; `queue_full`; `idempotency_mismatch`.
    func enqueue(_ name: FunctionName, _ request: EventRequest) async throws(AdminError) -> EnqueueReceipt

    /// Events of a function or of all, those that go on before those that ended, as far as they are kept.
    func invocations(_ selection: EventSelection) async throws(AdminError) -> [EventSummary]

    /// One event, when it has ended or the time is over, whichever comes first.
    ///
    /// - Parameter waitMilliseconds: 0 answers at once.
    func invocation(
        _ id: InvocationID, waitMilliseconds: Int, withPayload: Bool
    ) async throws(AdminError) -> EventInfo

    /// - Throws: `invocation_ended`.
    func cancel(_ id: InvocationID) async throws(AdminError) -> CancelResult

    /// Runs an event once more, as an invocation of its own.
    ///
    /// - Parameter version: nil is the one that serves when it runs.
    /// - Throws: `payload_gone`; `version_not_found`; `queue_full`.
    func replay(_ id: InvocationID, version: Int?) async throws(AdminError) -> InvocationReference

    /// Does not throw because Redis is away: that is its answer.
    func queue() async throws(AdminError) -> QueueStatus

    /// Lets dead letters run again, with all their tries.
    func redrive(_ request: DeadLetterRequest) async throws(AdminError) -> DeadLetterResult

    /// Removes dead letters for good.
    func purge(_ request: DeadLetterRequest) async throws(AdminError) -> DeadLetterResult

    /// By name.
    func schedules() async throws(AdminError) -> [ScheduleInfo]

    /// Makes a schedule's event now, whatever the clock says.
    ///
    /// - Throws: `schedule_not_found`; `queue_full`.
    func runSchedule(_ name: String) async throws(AdminError) -> ScheduleRun

    /// Removes events and their results, and cancels those that run. Knowing none of them is no error.
    ///
    /// - Parameter request: has either a key or an id.
    func erase(_ request: EraseRequest) async throws(AdminError) -> EraseResult
}
