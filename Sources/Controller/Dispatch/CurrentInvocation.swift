import FunctionModel
import Synchronization

/// The invocations that a worker ran last, for the lines that it writes: set on the event loop, read on the thread that
/// takes the lines. They stay when an invocation has ended, since its last line may come after its answer.
final class CurrentInvocation: Sendable {
    private struct State {
        var latest: InvocationID?
        /// A ring of those that began last.
        var recent: [InvocationID] = []
        var nextPlace = 0
        /// By the run that init names, of an `exec` worker.
        var runs: [UInt32: InvocationID] = [:]
    }

    /// More than an `exec` worker runs at once.
    private static let keptRuns: UInt32 = 128

    /// Lines can be so many invocations late, where calls are short and the machine is busy.
    private static let keptInvocations = 512

    private let state = Mutex(State())

    /// The one that began last, where only one at a time runs.
    var id: InvocationID? { state.withLock(\.latest) }

    /// An invocation begins.
    /// - Parameters:
    ///   - isAlone: no other runs in this worker.
    ///   - run: how init calls the run of an `exec` worker, 0 for any other.
    func began(_ id: InvocationID, isAlone: Bool, run: UInt32) {
        state.withLock { state in
            state.latest = isAlone ? id : nil
            if isAlone { Self.keep(id, in: &state) }
            guard run != 0 else { return }
            state.runs[run] = id
            if state.runs.count > 2 * Int(Self.keptRuns) {
                state.runs = state.runs.filter { run &- $0.key < Self.keptRuns }
            }
        }
    }

    func invocation(ofRun run: UInt32) -> InvocationID? { state.withLock { $0.runs[run] } }

    /// Whether lines may say that they are of this invocation: it has run in this worker not long ago.
    func isRecent(_ id: InvocationID) -> Bool { state.withLock { $0.recent.contains(id) } }

    private static func keep(_ id: InvocationID, in state: inout State) {
        if state.recent.count < keptInvocations {
            state.recent.append(id)
        } else {
            state.recent[state.nextPlace] = id
        }
        state.nextPlace = (state.nextPlace + 1) % keptInvocations
    }
}
