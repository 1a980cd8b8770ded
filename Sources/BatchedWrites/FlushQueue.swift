package import NIOCore

/// A connection whose writes wait to be flushed.
package protocol FlushTarget: AnyObject {
    /// Hands what was written to the kernel. Called once for each time that it was queued, on the event loop.
    func flushQueuedWrites()
}

/// Hands the writes of one turn of an event loop to the kernel together, at the turn's end.
///
/// A write to a socket wakes its reader. When the reader sleeps on an idle processor, that costs more than all the rest
/// of the write, and it sleeps again before the loop comes to the next message for it. Written one right after the
/// other, the first write of a turn wakes the reader and the others find it awake. Confined to its event loop.
package final class FlushQueue {
    private let loop: NIOIsolatedEventLoop
    private var targets: [any FlushTarget] = []
    private var isScheduled = false

    /// Called on the event loop.
    package init(loop: any EventLoop) { self.loop = loop.assumeIsolated() }

    /// Flushes the target when the loop has handled the events that are due.
    package func add(_ target: any FlushTarget) {
        targets.append(target)
        guard !isScheduled else { return }
        isScheduled = true
        loop.execute { self.flush() }
    }

    private func flush() {
        isScheduled = false
        // A flush can fail at once, and what follows from that can write again: that is for the next turn.
        let due = targets
        targets.removeAll(keepingCapacity: true)
        for target in due { target.flushQueuedWrites() }
    }
}
