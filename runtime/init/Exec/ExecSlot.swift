import CLibrary
import CLinux

/// One slot: a socket over which the controller has the command run, one run at a time.
final class ExecSlot {
    /// Reads in one turn, so that a large input does not keep the others waiting.
    private static let readsInATurn = 8
    /// More memory than this is given back when the socket has taken everything.
    private static let keptCapacity = 16 << 10

    private let plan: ExecPlan
    private var socket: Descriptor
    private var decoder = SlotDecoder()
    /// What the socket has not taken yet.
    private var unsent: [UInt8] = []
    private var sent = 0
    private(set) var run: ExecRun?
    /// No further run is taken.
    private var isStopping = false

    /// Takes over init's end of the socket pair.
    init(socket: Int32, plan: ExecPlan) {
        self.socket = Descriptor(owning: socket)
        self.plan = plan
    }

    // MARK: What poll waits for

    var descriptor: Int32 { socket.raw }
    var wantsToWrite: Bool { sent < unsent.count }
    /// The run's output is left alone while the socket is full: that holds the handler back.
    var outputDescriptor: Int32 { wantsToWrite ? -1 : run?.outputDescriptor ?? -1 }
    var isOver: Bool { !socket.isOpen && run == nil }
    var deadline: Int64 { run?.deadline ?? Int64.max }

    // MARK: Events

    /// The socket has something to read, or was closed.
    func receive() {
        for _ in 0..<Self.readsInATurn {
            guard socket.isOpen, let bytes = plan.context.read(socket.raw) else { break }
            if bytes.isEmpty {
                close()
                break
            }
            consume(bytes)
            if bytes.count < InitContext.scratchLength { break }
        }
        // Only now: the standard input that came along is in the pipe before the process starts.
        run?.start()
        settle()
    }

    func socketHasRoom() {
        flush()
        pumpOutput()
    }

    func inputHasRoom() { run?.inputHasRoom() }

    func outputIsReady() { pumpOutput() }

    func errorIsReady() { run?.errorPipe.receive(plan.context) }

    func processEnded(_ end: clinux_end) {
        run?.ended(end)
        pumpOutput()
    }

    func tick() { run?.tick() }

    /// Ends the run, if there is one, and then the slot.
    func stop(graceMilliseconds: Int) {
        isStopping = true
        run?.cancel(graceMilliseconds: graceMilliseconds)
        settle()
    }

    func signal(_ signal: Int32) { run?.signal(signal) }

    // MARK: Internals

    private func consume(_ bytes: UnsafeRawBufferPointer) {
        var offset = 0
        while true {
            switch decoder.next(bytes, &offset) {
            case .needsBytes: return
            case .run(let id, let environment, let inputLength):
                guard run == nil, !isStopping else { return close() }
                begin(id, environment, inputLength)
            case .input(let range): run?.takeInput(UnsafeRawBufferPointer(rebasing: bytes[range]))
            case .inputEnd: run?.completeInput()
            case .cancel(let id):
                if let run, run.id == id { run.cancel(graceMilliseconds: Int(GLO_KILL_GRACE_MILLISECONDS)) }
            case .violation: return close()
            }
        }
    }

    private func begin(_ id: UInt32, _ environment: StringBlock, _ inputLength: Int) {
        do throws(StartFailure) {
            run = try ExecRun(id: id, environment: environment, inputLength: inputLength, plan: plan)
        } catch {
            var body = ByteWriter()
            var outcome = Outcome()
            outcome.how = GLO_END_NOT_STARTED
            outcome.code = error.systemError
            outcome.write(to: &body, stage: error.stage)
            body.bytes.append(contentsOf: error.message)
            append(GLO_FRAME_EXIT, id, body.bytes)
        }
    }

    /// Takes output while the socket takes it, then sends EXIT when the run is over.
    private func pumpOutput() {
        for _ in 0..<Self.readsInATurn {
            guard !wantsToWrite, let run, let bytes = run.takeOutput() else { break }
            append(GLO_FRAME_OUT, run.id, bytes)
            // The last output and EXIT go together: one wake-up for the controller.
            if !run.isOver { flush() }
        }
        settle()
    }

    private func settle() {
        if let run, run.isOver {
            plan.total.absorb(run.outcome)
            run.exitPayload().withUnsafeBytes { append(GLO_FRAME_EXIT, run.id, $0) }
            self.run = nil
        }
        flush()
        if isStopping, run == nil { socket.close() }
    }

    /// The controller has closed the slot, or broken its rules.
    private func close() {
        socket.close()
        unsent = []
        sent = 0
        isStopping = true
        run?.cancel(graceMilliseconds: Int(GLO_KILL_GRACE_MILLISECONDS))
    }

    private func append(_ type: Int32, _ id: UInt32, _ payload: [UInt8]) {
        payload.withUnsafeBytes { append(type, id, $0) }
    }

    private func append(_ type: Int32, _ id: UInt32, _ payload: UnsafeRawBufferPointer) {
        guard socket.isOpen else { return }
        var frame = ByteWriter(bytes: unsent)
        unsent = []
        frame.writeHeader(payloadLength: payload.count, type: type, id: id)
        frame.write(raw: payload)
        unsent = frame.bytes
    }

    private func flush() {
        while socket.isOpen, sent < unsent.count {
            let count = unsent.withUnsafeBytes {
                clinux_send(socket.raw, $0.baseAddress.map { $0 + sent }, $0.count - sent, nil, 0)
            }
            if count < 0 {
                if clinux_errno() != EAGAIN { close() }
                return
            }
            sent += count
        }
        if unsent.capacity > Self.keptCapacity { unsent = [] } else { unsent.removeAll(keepingCapacity: true) }
        sent = 0
    }
}
