import FunctionModel
import Synchronization

/// The invocations that a worker ran last, for the lines that it writes: set on the event loop, read on the thread that
/// takes the lines. They stay when an invocation has ended, since its last line may come after its answer.
final class CurrentInvocation: Sendable {
    private struct State {
        var latest: InvocationID?
        var previous: InvocationID?
        /// By the run that init names, of an `exec` worker.
        var runs: [UInt32: InvocationID] = [:]
    }

    /// More than an `exec` worker runs at once.
    private static let keptRuns: UInt32 = 128

    private let state = Mutex(State())

    /// The one that began last, where only one at a time runs.
    var id: InvocationID? { state.withLock(\.latest) }

    /// An invocation begins.
    /// - Parameters:
    ///   - isAlone: no other runs in this worker.
    ///   - run: how init calls the run of an `exec` worker, 0 for any other.
    func began(_ id: InvocationID, isAlone: Bool, run: UInt32) {
        state.withLock { state in
            state.previous = state.latest
            state.latest = isAlone ? id : nil
            guard run != 0 else { return }
            state.runs[run] = id
            if state.runs.count > 2 * Int(Self.keptRuns) {
                state.runs = state.runs.filter { run &- $0.key < Self.keptRuns }
            }
        }
    }

    func invocation(ofRun run: UInt32) -> InvocationID? { state.withLock { $0.runs[run] } }

    /// Whether lines may say that they are of this invocation: it is the present one or the one before.
    func isRecent(_ id: InvocationID) -> Bool { state.withLock { $0.latest == id || $0.previous == id } }
}
