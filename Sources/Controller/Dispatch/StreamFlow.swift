import FunctionModel
import WorkerProtocol

/// Lets the reader of a streamed answer hold back its handler.
final class StreamFlow: InvocationFlow {
    private weak let channel: WorkerChannel?
    private let invocation: InvocationID

    init(channel: WorkerChannel, invocation: InvocationID) {
        self.channel = channel
        self.invocation = invocation
    }

    func pauseReading() { channel?.pauseReading(invocation) }
    func resumeReading() { channel?.resumeReading(invocation) }
}
