import CLibrary
import CLinux

/// An exec worker: no process of its own, but slots that start one for each run.
final class ExecWorker {
    let id: UInt32
    let slots: [ExecSlot]
    private let plan: ExecPlan
    private var isReported = false

    /// Finds the command, makes the slots and passes their other ends to the controller.
    init(id: UInt32, request: StartRequest, context: InitContext) throws(StartFailure) {
        self.id = id
        let command = try Command(request)
        try SecretFiles(directory: request.secretsDirectory).write(request.secrets)
        let log = LogSink(worker: id, request: request, context: context)
        let plan = ExecPlan(worker: id, command: command, log: log, context: context)
        var slots: [ExecSlot] = []
        var others: [Int32] = []
        for _ in 0..<request.slots {
            var mine: Int32 = -1
            var other: Int32 = -1
            guard clinux_socket_pair(&mine, &other) == 0 else {
                let error = clinux_errno()
                for descriptor in others { _ = CLibrary.close(descriptor) }
                throw StartFailure(GLO_STAGE_DESCRIPTORS, error, "cannot make the sockets of the slots")
            }
            slots.append(ExecSlot(socket: mine, plan: plan))
            others.append(other)
        }
        context.control.sendDescriptors(others, kind: GLO_DESCRIPTORS_SLOTS, worker: id)
        self.plan = plan
        self.slots = slots
    }

    func signal(_ signal: Int32) { for slot in slots { slot.signal(signal) } }

    func stop(graceMilliseconds: Int) { for slot in slots { slot.stop(graceMilliseconds: graceMilliseconds) } }

    var deadline: Int64 {
        var earliest = plan.log.deadline
        for slot in slots { earliest = min(earliest, slot.deadline) }
        return earliest
    }

    func tick() {
        for slot in slots { slot.tick() }
        plan.log.tick()
    }

    var hasRun: Bool {
        for slot in slots where slot.run != nil { return true }
        return false
    }

    var isOver: Bool {
        for slot in slots where !slot.isOver { return false }
        return true
    }

    /// Tells the controller, once it is over.
    func report() {
        guard isOver, !isReported else { return }
        isReported = true
        plan.log.tick(atEnd: true)
        plan.context.control.sendExited(worker: id, plan.total)
    }
}
