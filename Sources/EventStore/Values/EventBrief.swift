package import FunctionModel

/// An event as a list shows it: all but what came in and what came out. Times are Unix milliseconds.
package struct EventBrief: Hashable, Sendable {
    package let id: InvocationID
    package let queue: EventQueue
    package let state: EventState
    package let acceptedAtMilliseconds: Int
    package let startedAtMilliseconds: Int?
    package let endedAtMilliseconds: Int?
    /// When it runs, if it waits for its time.
    package let notBeforeMilliseconds: Int?
    package let expiresAtMilliseconds: Int
    package let attempts: Int
    package let maxAttempts: Int
    package let crashes: Int
    package let priority: Int
    package let version: String?
    package let topic: String?
    package let event: String
    package let key: String?
    package let group: String?
    package let source: String?
    package let contentType: String?
    /// JSON.
    package let lastError: String?
    package let replayOf: InvocationID?
    package let schedule: String?
    package let isCancelling: Bool
    /// It succeeded without a run, since no filter of the subscription let it pass.
    package let isFiltered: Bool
}
