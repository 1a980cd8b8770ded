import AdminModel
import FunctionModel

/// Without Redis there are no events.
extension ControllerBackend {
    private static var eventsAreOff: AdminError {
        AdminError(.eventsUnavailable, "Events are off.", hint: "Start the controller with Redis.")
    }

    func publish(to topic: String, _ request: EventRequest) async throws(AdminError) -> PublishReceipt {
        throw Self.eventsAreOff
    }

    func enqueue(_ name: FunctionName, _ request: EventRequest) async throws(AdminError) -> EnqueueReceipt {
        throw Self.eventsAreOff
    }

    func invocations(_ selection: EventSelection) async throws(AdminError) -> [EventSummary] {
        throw Self.eventsAreOff
    }

    func invocation(
        _ id: InvocationID, waitMilliseconds: Int, withPayload: Bool
    ) async throws(AdminError) -> EventInfo {
        throw Self.eventsAreOff
    }

    func cancel(_ id: InvocationID) async throws(AdminError) -> CancelResult { throw Self.eventsAreOff }

    func replay(_ id: InvocationID, version: Int?) async throws(AdminError) -> InvocationReference {
        throw Self.eventsAreOff
    }

    func queue() async throws(AdminError) -> QueueStatus { throw Self.eventsAreOff }

    func redrive(_ request: DeadLetterRequest) async throws(AdminError) -> DeadLetterResult {
        throw Self.eventsAreOff
    }

    func purge(_ request: DeadLetterRequest) async throws(AdminError) -> DeadLetterResult { throw Self.eventsAreOff }

    func schedules() async throws(AdminError) -> [ScheduleInfo] { throw Self.eventsAreOff }

    func runSchedule(_ name: String) async throws(AdminError) -> ScheduleRun { throw Self.eventsAreOff }

    func erase(_ request: EraseRequest) async throws(AdminError) -> EraseResult { throw Self.eventsAreOff }
}
