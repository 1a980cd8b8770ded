import CurlClient
import LinuxSystem
import Synchronization

/// Requests to hosts that somebody named: destinations of events, callbacks. Bounded in number, time and size, to public
/// addresses only, without redirects or proxies, with certificates checked.
///
/// One thread, made at the first request, runs them all by libcurl's multi interface. ``shutdown()`` ends it; so does
/// letting the client go.
package final class OutboundClient: Sendable {
    /// Names a request that was sent, to cancel it.
    package struct Ticket: Sendable {
        fileprivate let id: UInt64
        fileprivate let host: String
        fileprivate let cancellation: Cancellation
    }

    private let settings: OutboundSettings
    private let mailbox: OutboundMailbox
    private let thread = Mutex<DedicatedThread?>(nil)
    private let lastID = Atomic<UInt64>(0)

    package init(settings: OutboundSettings = OutboundSettings()) {
        CurlClient.initialize()
        self.settings = settings
        mailbox = OutboundMailbox(limit: max(1, settings.concurrency) + max(0, settings.maxWaiting))
    }

    deinit { mailbox.close() }

    /// Sends a request and waits for the answer. Any status is an answer. Cancelling the task ends it at once.
    package func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        let ticket = makeTicket(for: request)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                start(request, ticket) { continuation.resume(returning: $0) }
            }
        } onCancel: {
            cancel(ticket)
        }
        return try result.get()
    }

    /// Sends a request. `done` gets the answer, once: on the client's thread, where it must not wait for anything, or
    /// on the calling one, before this returns, when the request is refused.
    @discardableResult
    package func send(
        _ request: OutboundRequest, done: @escaping @Sendable (Result<OutboundResponse, OutboundError>) -> Void
    ) -> Ticket {
        let ticket = makeTicket(for: request)
        start(request, ticket, done)
        return ticket
    }

    /// Ends a request with `cancelled`; nothing when it is over.
    package func cancel(_ ticket: Ticket) {
        // The flag comes first: a request that is posted after the command finds it.
        ticket.cancellation.cancel()
        mailbox.postCancel(ticket.id, host: ticket.host)
    }

    /// Fails what is left and takes no more; when this returns there is no thread. Not to be called from a `done`.
    package func shutdown() async {
        mailbox.close()
        let thread = thread.withLock { $0.take() }
        await mailbox.waitForLoopEnd()
        // It has nothing left to do but return.
        thread?.join()
    }

    private func makeTicket(for request: OutboundRequest) -> Ticket {
        let id = lastID.add(1, ordering: .relaxed).newValue
        return Ticket(id: id, host: request.url.authority, cancellation: Cancellation())
    }

    private func start(
        _ request: OutboundRequest, _ ticket: Ticket,
        _ done: @escaping @Sendable (Result<OutboundResponse, OutboundError>) -> Void
    ) {
        do throws(OutboundError) {
            try request.check(settings)
            try startThread()
        } catch {
            return done(.failure(error))
        }
        let deadline = Int(SystemClock.monotonicMilliseconds()) + max(1, request.timeoutMilliseconds)
        let job = OutboundJob(
            id: ticket.id, request: request, deadline: deadline, cancellation: ticket.cancellation, done: done)
        switch mailbox.post(job) {
        case nil: break
        case .queueFull?: job.fail(.queueFull, "Too many outgoing requests wait already.", hint: "Try again later.")
        case _?: done(.failure(Self.isShuttingDown))
        }
    }

    private func startThread() throws(OutboundError) {
        let failure: OutboundError? = thread.withLock { thread in
            guard thread == nil else { return nil }
            // Looked at in here: after a shutdown took the thread, none may be made that nobody ends.
            guard !mailbox.isClosed else { return Self.isShuttingDown }
            mailbox.loopStarts()
            do throws(SystemError) {
                thread = try DedicatedThread(name: "glo-outbound", stackBytes: 512 << 10) { [settings, mailbox] in
                    OutboundLoop(settings: settings, mailbox: mailbox).run()
                    mailbox.loopEnded()
                }
                return nil
            } catch {
                mailbox.loopEnded()
                return OutboundError(
                    code: .other, message: "The system has no thread left for outgoing requests.",
                    hint: "Raise the limit of tasks of the service.")
            }
        }
        if let failure { throw failure }
    }

    static let isShuttingDown = OutboundError(
        code: .shuttingDown, message: "Glo stops, and sends no more requests.", hint: "Try again when it is back.")
}
