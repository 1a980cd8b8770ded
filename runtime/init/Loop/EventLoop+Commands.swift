import CLibrary
import CLinux

extension EventLoop {
    /// Reads and carries out what the controller has sent.
    func takeCommands() {
        context.control.receive(context)
        while let frame = context.control.nextFrame() { carryOut(frame) }
    }

    private func carryOut(_ frame: ControlFrame) {
        switch frame.type {
        case GLO_FRAME_START:
            guard let request = StartRequest(frame.payload) else { return context.control.lose() }
            start(frame.worker, request)
        case GLO_FRAME_SIGNAL:
            guard let signal = integer(frame) else { return context.control.lose() }
            worker(frame.worker)?.signal(signal)
        case GLO_FRAME_STOP:
            guard let grace = integer(frame) else { return context.control.lose() }
            worker(frame.worker)?.stop(graceMilliseconds: Int(UInt32(bitPattern: grace)))
        case GLO_FRAME_CONNECT:
            guard let timeout = integer(frame) else { return context.control.lose() }
            if case .resident(let worker)? = worker(frame.worker) {
                worker.connector?.want(timeoutMilliseconds: Int(UInt32(bitPattern: timeout)))
            }
        // What came with it has been taken.
        case GLO_FRAME_LIFELINE: break
        default: context.control.lose()
        }
    }

    private func integer(_ frame: ControlFrame) -> Int32? {
        var reader = ByteReader(frame.payload)
        guard let value = reader.readInt32(), reader.isAtEnd else { return nil }
        return value
    }

    private func worker(_ id: UInt32) -> Worker? {
        for worker in workers where worker.id == id { return worker }
        return nil
    }

    private func start(_ id: UInt32, _ request: StartRequest) {
        do throws(StartFailure) {
            switch try makeWorker(id, request) {
            case .resident(let worker):
                workers.append(.resident(worker))
                context.control.sendStarted(worker: id, pid: worker.pid)
                worker.connector?.want(timeoutMilliseconds: request.connectTimeoutMilliseconds)
            case .exec(let worker):
                workers.append(.exec(worker))
                context.control.sendStarted(worker: id, pid: 0)
            }
        } catch {
            context.control.sendStartFailed(worker: id, error)
        }
    }

    private func makeWorker(_ id: UInt32, _ request: StartRequest) throws(StartFailure) -> Worker {
        guard case .running = phase else { throw StartFailure(GLO_STAGE_REQUEST, ECANCELED, "init is stopping") }
        guard worker(id) == nil else { throw StartFailure(GLO_STAGE_REQUEST, EEXIST, "the worker's id is in use") }
        guard workers.count < Int(GLO_WORKERS_MAX) else {
            throw StartFailure(GLO_STAGE_REQUEST, EAGAIN, "this init has as many workers as it takes")
        }
        if request.contract == GLO_CONTRACT_EXEC {
            return .exec(try ExecWorker(id: id, request: request, context: context))
        }
        let ports = workers.map { $0.port }
        return .resident(try ResidentStart(id: id, request: request, context: context, takenPorts: ports).run())
    }
}
