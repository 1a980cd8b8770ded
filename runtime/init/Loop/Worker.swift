import CLibrary
import CLinux

/// One worker of any contract.
enum Worker {
    case resident(ResidentWorker)
    case exec(ExecWorker)

    var id: UInt32 {
        switch self {
        case .resident(let worker): worker.id
        case .exec(let worker): worker.id
        }
    }

    /// 0 when it has none.
    var port: UInt16 {
        switch self {
        case .resident(let worker): worker.port
        case .exec: 0
        }
    }

    var deadline: Int64 {
        switch self {
        case .resident(let worker): worker.deadline
        case .exec(let worker): worker.deadline
        }
    }

    var isOver: Bool {
        switch self {
        case .resident(let worker): worker.isOver
        case .exec(let worker): worker.isOver
        }
    }

    func signal(_ signal: Int32) {
        switch self {
        case .resident(let worker): worker.signal(signal)
        case .exec(let worker): worker.signal(signal)
        }
    }

    func stop(graceMilliseconds: Int) {
        switch self {
        case .resident(let worker): worker.stop(graceMilliseconds: graceMilliseconds)
        case .exec(let worker): worker.stop(graceMilliseconds: graceMilliseconds)
        }
    }

    func tick() {
        switch self {
        case .resident(let worker): worker.tick()
        case .exec(let worker): worker.tick()
        }
    }

    /// Takes the end of a process when it is this worker's.
    func processEnded(_ end: clinux_end) {
        switch self {
        case .resident(let worker): if worker.pid == end.pid { worker.ended(end) }
        case .exec(let worker): for slot in worker.slots where slot.run?.pid == end.pid { slot.processEnded(end) }
        }
    }

    /// Whether the process leads a group of this worker.
    func leads(_ pid: pid_t) -> Bool {
        switch self {
        case .resident(let worker): return worker.pid == pid && !worker.isOver
        case .exec(let worker):
            for slot in worker.slots where slot.run?.pid == pid { return true }
            return false
        }
    }
}
