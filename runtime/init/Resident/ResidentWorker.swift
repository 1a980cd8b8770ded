import CLibrary
import CLinux

/// A worker whose handler stays up: lambda, http or stdio.
final class ResidentWorker {
    let id: UInt32
    let port: UInt16
    let pid: pid_t
    /// Only http has one.
    let connector: HTTPConnector?
    let outputs: [OutputPipe]
    private(set) var isOver = false
    private let log: LogSink
    private let context: InitContext
    private var killAt = Int64.max
    private var flags: Int32 = 0

    init(
        id: UInt32, port: UInt16, pid: pid_t, connector: HTTPConnector?, outputs: [OutputPipe], log: LogSink,
        context: InitContext
    ) {
        self.id = id
        self.port = port
        self.pid = pid
        self.connector = connector
        self.outputs = outputs
        self.log = log
        self.context = context
    }

    func signal(_ signal: Int32) { _ = kill(-pid, signal) }

    /// SIGTERM now, SIGKILL after the grace. An earlier end that was announced stays.
    func stop(graceMilliseconds: Int) {
        flags |= GLO_END_FLAG_CANCELLED
        killAt = min(killAt, context.deadline(milliseconds: graceMilliseconds))
        signal(SIGTERM)
    }

    var deadline: Int64 {
        var earliest = min(killAt, log.deadline, connector?.deadline ?? Int64.max)
        for output in outputs { earliest = min(earliest, output.deadline) }
        return earliest
    }

    func tick() {
        if context.now >= killAt {
            killAt = Int64.max
            flags |= GLO_END_FLAG_KILLED
            signal(SIGKILL)
        }
        connector?.tick()
        for output in outputs { output.tick(context.now) }
        log.tick()
    }

    /// The handler has ended, and its process group has been killed.
    func ended(_ end: clinux_end) {
        if context.memoryKills.hasStruck() { flags |= GLO_END_FLAG_OUT_OF_MEMORY }
        connector?.abandon()
        for output in outputs { output.drain(context) }
        log.tick(atEnd: true)
        context.control.sendExited(worker: id, Outcome(end, flags: flags))
        isOver = true
    }
}
