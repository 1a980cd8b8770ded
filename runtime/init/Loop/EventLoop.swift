import CLibrary
import CLinux

/// The program: waits, carries out what the controller asks for, reaps, and ends when the controller is gone.
final class EventLoop {
    enum Phase {
        case running
        /// SIGTERM has gone to everything; SIGKILL follows at this moment.
        case stopping(killAt: Int64)
        /// SIGKILL goes to everything until nothing is left, or this moment comes.
        case killing(giveUpAt: Int64)
    }

    let context: InitContext
    let signals: Int32
    var workers: [Worker] = []
    var phase = Phase.running
    /// A run of an exec worker ended in this turn: strays may be left of it.
    var mayHaveStrays = false

    /// - Parameter signals: a signalfd.
    init(context: InitContext, signals: Int32) {
        self.context = context
        self.signals = signals
    }

    /// Returns the program's exit code.
    func run() -> Int32 {
        var waiting = PollSet()
        context.control.flush()
        while true {
            waiting.removeAll()
            waiting.add(signals, .signals)
            waiting.add(context.control.descriptor, .control, writes: context.control.wantsToWrite)
            waiting.add(context.control.lifelineDescriptor, .lifeline)
            for worker in workers { waiting.add(worker) }
            waiting.wait(milliseconds: timeout())
            context.now = clinux_monotonic_nanoseconds()
            waiting.forEachReady(serve)
            finishTurn()
            if mayExit() { return 0 }
        }
    }

    private func serve(_ target: PollSet.Target, readable: Bool, writable: Bool) {
        switch target {
        case .signals: takeSignals()
        case .control:
            if readable { takeCommands() }
        case .lifeline: context.control.lose()
        case .output(let output): output.receive(context)
        case .connector(let connector): connector.attemptIsReady()
        case .slotSocket(let slot):
            if readable { slot.receive() }
            if writable { slot.socketHasRoom() }
        case .slotInput(let slot): slot.inputHasRoom()
        case .slotOutput(let slot): slot.outputIsReady()
        case .slotError(let slot): slot.errorIsReady()
        }
    }

    private func finishTurn() {
        for worker in workers {
            worker.tick()
            if case .exec(let exec) = worker { exec.report() }
        }
        workers.removeAll { $0.isOver }
        if mayHaveStrays { killStrays() }
        context.control.flush()
        advanceEnd()
    }

    /// Milliseconds until something is due, -1 for never.
    private func timeout() -> Int32 {
        var earliest = endDeadline
        for worker in workers { earliest = min(earliest, worker.deadline) }
        if earliest == Int64.max { return -1 }
        let left = earliest - clinux_monotonic_nanoseconds()
        // Rounded up, or the last millisecond would be spent awake.
        return left <= 0 ? 0 : Int32(clamping: (left + 999_999) / 1_000_000)
    }
}
