import CLibrary
import CLinux

/// What all slots of an exec worker share.
final class ExecPlan {
    let worker: UInt32
    let command: Command
    let log: LogSink
    let context: InitContext
    /// What the runs have used so far.
    var total = Outcome()

    init(worker: UInt32, command: Command, log: LogSink, context: InitContext) {
        self.worker = worker
        self.command = command
        self.log = log
        self.context = context
    }
}
