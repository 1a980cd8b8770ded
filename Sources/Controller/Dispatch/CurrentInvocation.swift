import FunctionModel
import Synchronization

/// The invocation that a worker ran last, for the lines that it writes: set on the event loop, read on the thread that
/// takes the lines. It stays set when the invocation has ended, since its last line may come after its answer.
final class CurrentInvocation: Sendable {
    private let value = Mutex<InvocationID?>(nil)

    var id: InvocationID? {
        get { value.withLock(\.self) }
        set { value.withLock { $0 = newValue } }
    }
}
