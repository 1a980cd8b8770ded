import NIOCore

/// Those who wait for messages of pull queues. Lives on the data plane's event loop.
final class QueueWaiters {
    private struct Waiter {
        let done: () -> Void
        let timer: Scheduled<Void>
    }

    private let loop: any EventLoop
    private var waiters: [String: [Int: Waiter]] = [:]
    private var last = 0

    init(loop: any EventLoop) { self.loop = loop }

    /// Calls back when the queue may have messages, at the latest after the time.
    func wait(for queue: String, milliseconds: Int, _ done: @escaping () -> Void) {
        last += 1
        let key = last
        let me = NIOLoopBound(self, eventLoop: loop)
        let timer = loop.scheduleTask(in: .milliseconds(Int64(milliseconds))) { me.value.end(queue, key) }
        waiters[queue, default: [:]][key] = Waiter(done: done, timer: timer)
    }

    /// The queue may have messages: all of them look, the quickest get them.
    func hint(_ queue: String) {
        for waiter in (waiters.removeValue(forKey: queue) ?? [:]).values {
            waiter.timer.cancel()
            waiter.done()
        }
    }

    /// Nobody waits any more, since the plane stops.
    func stop() {
        for queue in Array(waiters.keys) { hint(queue) }
    }

    private func end(_ queue: String, _ key: Int) {
        guard let waiter = waiters[queue]?.removeValue(forKey: key) else { return }
        if waiters[queue]?.isEmpty == true { waiters[queue] = nil }
        waiter.done()
    }
}
