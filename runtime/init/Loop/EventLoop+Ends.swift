import CLibrary
import CLinux

extension EventLoop {
    /// Time between the last SIGKILL and giving up on what does not die.
    private static let giveUp = 2000

    func takeSignals() {
        while true {
            switch clinux_next_signal(signals) {
            case 0: return
            case SIGCHLD: reap()
            case SIGTERM, SIGINT: beginStopping()
            default: break
            }
        }
    }

    /// Takes every process that has ended, own children and orphans alike.
    private func reap() {
        while true {
            let pid = clinux_ended_child()
            guard pid > 0 else { return }
            var owner: Worker?
            for worker in workers where worker.leads(pid) { owner = worker }
            // Before it is reaped: until then no other process can have got its id.
            if owner != nil { _ = kill(-pid, SIGKILL) }
            var end = clinux_end()
            guard clinux_reap(pid, &end) else { return }
            owner?.processEnded(end)
            if case .exec? = owner { mayHaveStrays = true }
        }
    }

    /// Processes that left their run's process group are found once nothing is meant to run.
    func killStrays() {
        for worker in workers {
            switch worker {
            case .resident: return
            case .exec(let exec): if exec.hasRun { return }
            }
        }
        mayHaveStrays = false
        killEverything()
    }

    // MARK: The end

    /// When the present phase is over; `Int64.max` for never.
    var endDeadline: Int64 {
        switch phase {
        case .running: Int64.max
        case .stopping(let killAt): killAt
        case .killing(let giveUpAt): giveUpAt
        }
    }

    /// Goes on towards the end, when there is a reason to end.
    func advanceEnd() {
        switch phase {
        case .running:
            if context.control.isLost { beginKilling() }
        case .stopping(let killAt):
            if context.control.isLost || context.now >= killAt { beginKilling() }
        case .killing:
            // Those whose parents have just died have become children of this process.
            killEverything()
        }
    }

    /// Whether nothing is left to wait for.
    func mayExit() -> Bool {
        switch phase {
        case .running: false
        case .stopping: clinux_ended_child() < 0
        case .killing(let giveUpAt): clinux_ended_child() < 0 || context.now >= giveUpAt
        }
    }

    private func beginStopping() {
        guard case .running = phase else { return }
        phase = .stopping(killAt: context.deadline(milliseconds: Int(GLO_KILL_GRACE_MILLISECONDS)))
        for worker in workers { worker.stop(graceMilliseconds: Int(GLO_KILL_GRACE_MILLISECONDS)) }
        if context.ownsAllProcesses { _ = kill(-1, SIGTERM) }
    }

    private func beginKilling() {
        phase = .killing(giveUpAt: context.deadline(milliseconds: Self.giveUp))
        killEverything()
    }

    private func killEverything() {
        // Everything in the container but this process itself.
        if context.ownsAllProcesses {
            _ = kill(-1, SIGKILL)
            return
        }
        for worker in workers { worker.signal(SIGKILL) }
        _ = clinux_kill_children()
    }
}
