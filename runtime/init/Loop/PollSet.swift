import CLibrary
import CLinux

/// What one turn of the loop waits for. Built anew each turn: there are few descriptors, and none can be stale.
struct PollSet {
    enum Target {
        case signals
        case control
        case lifeline
        case output(OutputPipe)
        case connector(HTTPConnector)
        case slotSocket(ExecSlot)
        case slotInput(ExecSlot)
        case slotOutput(ExecSlot)
        case slotError(ExecSlot)
    }

    private var descriptors: [pollfd] = []
    private var targets: [Target] = []

    mutating func removeAll() {
        descriptors.removeAll(keepingCapacity: true)
        targets.removeAll(keepingCapacity: true)
    }

    /// Nothing when the descriptor is -1.
    mutating func add(_ descriptor: Int32, _ target: Target, reads: Bool = true, writes: Bool = false) {
        guard descriptor >= 0 else { return }
        let events = (reads ? POLLIN : 0) | (writes ? POLLOUT : 0)
        descriptors.append(pollfd(fd: descriptor, events: Int16(events), revents: 0))
        targets.append(target)
    }

    /// Adds everything that a worker waits for.
    mutating func add(_ worker: Worker) {
        switch worker {
        case .resident(let worker):
            for output in worker.outputs { add(output.descriptor, .output(output)) }
            if let connector = worker.connector {
                add(connector.descriptor, .connector(connector), reads: false, writes: true)
            }
        case .exec(let worker):
            for slot in worker.slots { add(slot) }
        }
    }

    private mutating func add(_ slot: ExecSlot) {
        add(slot.descriptor, .slotSocket(slot), writes: slot.wantsToWrite)
        add(slot.outputDescriptor, .slotOutput(slot))
        guard let run = slot.run else { return }
        add(run.inputDescriptor, .slotInput(slot), reads: false, writes: true)
        add(run.errorPipe.descriptor, .slotError(slot))
    }

    /// Waits at most so many milliseconds, for ever when it is -1.
    mutating func wait(milliseconds: Int32) {
        let count = descriptors.count
        let ready = descriptors.withUnsafeMutableBufferPointer { poll($0.baseAddress, nfds_t(count), milliseconds) }
        // Interrupted or refused: then nothing is ready.
        if ready < 0 { for index in descriptors.indices { descriptors[index].revents = 0 } }
    }

    /// Gives out what is ready, in the order of entering.
    func forEachReady(_ body: (Target, _ readable: Bool, _ writable: Bool) -> Void) {
        for index in descriptors.indices {
            let events = Int32(descriptors[index].revents)
            if events == 0 { continue }
            let isBroken = events & (POLLHUP | POLLERR | POLLNVAL) != 0
            let waitedToWrite = Int32(descriptors[index].events) & POLLOUT != 0
            body(targets[index], events & POLLIN != 0 || isBroken, events & POLLOUT != 0 || (isBroken && waitedToWrite))
        }
    }
}
