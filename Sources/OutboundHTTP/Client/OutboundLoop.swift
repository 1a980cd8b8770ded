import CCurl
import CurlClient
import LinuxSystem

/// What the thread of an ``OutboundClient`` does: takes what was posted, drives libcurl, hands on what ended.
struct OutboundLoop: ~Copyable {
    private let settings: OutboundSettings
    private let mailbox: OutboundMailbox
    private let multi: MultiHandle
    private var queue: OutboundQueue<UInt64>
    /// Those in the queue.
    private var waiting: [UInt64: OutboundJob] = [:]
    /// Those of libcurl.
    private var active: [UInt64: OutboundTransfer] = [:]

    init(settings: OutboundSettings, mailbox: OutboundMailbox) {
        self.settings = settings
        self.mailbox = mailbox
        multi = MultiHandle(idleConnections: settings.concurrency)
        queue = OutboundQueue(limit: settings.concurrency, limitPerHost: settings.concurrencyPerHost)
    }

    /// Returns when the mailbox is closed and every job has ended.
    consuming func run() {
        while true {
            let (commands, isClosed) = mailbox.take()
            for command in commands { carryOut(command) }
            if isClosed { break }
            multi.perform()
            endFinished()
            endOverdue()
            while let id = queue.next() { begin(id) }
            multi.wait(for: mailbox.wake, atMost: waitMilliseconds())
        }
        for transfer in Array(active.values) { end(transfer, .failure(OutboundClient.isShuttingDown)) }
        for job in waiting.values { report(job, .failure(OutboundClient.isShuttingDown)) }
    }

    private mutating func carryOut(_ command: OutboundMailbox.Command) {
        switch command {
        case .start(let job) where job.cancellation.isCancelled: report(job, .failure(Self.cancelled(job)))
        case .start(let job):
            waiting[job.id] = job
            queue.enqueue(job.id, host: job.host, deadline: job.deadline)
        case .cancel(let id, let host):
            if let transfer = active[id] {
                end(transfer, .failure(Self.cancelled(transfer.job)))
            } else if queue.remove(id, host: host), let job = waiting.removeValue(forKey: id) {
                report(job, .failure(Self.cancelled(job)))
            }
        }
    }

    /// Gives a job to libcurl. The next ``MultiHandle/perform()`` begins it.
    private mutating func begin(_ id: UInt64) {
        guard let job = waiting.removeValue(forKey: id) else { preconditionFailure("job \(id) is not there") }
        let transfer = OutboundTransfer(job, settings)
        active[id] = transfer
        guard transfer.begin(in: multi, now: Int(SystemClock.monotonicMilliseconds())) else {
            let error = OutboundError(
                code: .other, message: "libcurl could not begin a request to \(job.request.url.origin).",
                hint: "See whether this host has memory left.")
            return end(transfer, .failure(error))
        }
    }

    private mutating func endFinished() {
        while let (transfer, code) = multi.nextEnded() { end(transfer, transfer.result(code)) }
    }

    private mutating func endOverdue() {
        for id in queue.expire(now: Int(SystemClock.monotonicMilliseconds())) {
            guard let job = waiting.removeValue(forKey: id) else { continue }
            let error = OutboundError(
                code: .timedOut,
                message:
                    "The request to \(job.request.url.origin) had no turn in \(job.request.timeoutMilliseconds) ms.",
                hint: "Its host answers others slowly, or many wait.")
            report(job, .failure(error))
        }
    }

    private mutating func end(_ transfer: OutboundTransfer, _ result: Result<OutboundResponse, OutboundError>) {
        transfer.end(in: multi)
        active[transfer.job.id] = nil
        queue.finish(host: transfer.job.host)
        report(transfer.job, result)
    }

    /// The place is free before its owner hears of it, so that one may be sent for each that ended.
    private func report(_ job: OutboundJob, _ result: Result<OutboundResponse, OutboundError>) {
        mailbox.jobEnded()
        job.done(result)
    }

    /// libcurl shortens it by its own timers.
    private func waitMilliseconds() -> Int {
        let limit = 60_000
        guard let deadline = queue.nextDeadline else { return limit }
        return min(limit, max(0, deadline - Int(SystemClock.monotonicMilliseconds())))
    }

    private static func cancelled(_ job: OutboundJob) -> OutboundError {
        OutboundError(code: .cancelled, message: "The request to \(job.request.url.origin) was cancelled.")
    }
}
