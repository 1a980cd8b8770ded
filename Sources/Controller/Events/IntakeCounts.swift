import FunctionModel

/// What became of the events that were offered.
struct IntakeCounts: Sendable {
    private(set) var accepted = 0
    /// Accepted before, under the same idempotency key.
    private(set) var repeated = 0
    /// By the code that the producer was given.
    private(set) var refused: [FailureCode: Int] = [:]

    mutating func add(_ result: Result<EventIntake.Accepted, InvocationFailure>) {
        switch result {
        case .success(let accepted) where accepted.isRepeated: repeated += 1
        case .success: accepted += 1
        case .failure(let failure): refused[failure.code, default: 0] += 1
        }
    }
}
