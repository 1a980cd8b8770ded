import EventStore
import FunctionModel
import Gateway
import HTTPCodec
import NIOCore

/// Answers who asks about an event that was accepted: where it stands, its result, and that it be cancelled.
///
/// Lives on the data plane's event loop. Who waits for an end costs the store one look at the beginning and one at the
/// end; between them the end itself wakes them, here or from another controller.
final class EventDesk {
    /// Somebody who waits for an event's end.
    private final class Waiter {
        let look: (Result<EventDetail?, EventStoreError>) -> Void
        var timer: Scheduled<Void>?

        init(_ look: @escaping (Result<EventDetail?, EventStoreError>) -> Void) { self.look = look }
    }

    /// Who may wait at once.
    private static let mostWaiters = 10_000

    let store: EventStore
    let files: ContentFiles?
    let loop: any EventLoop
    private var waiters: [InvocationID: [Waiter]] = [:]
    private var count = 0
    /// Told when the first begins to wait and when the last has gone.
    var onWaitersChanged: (_ areThere: Bool) -> Void = { _ in }

    init(store: EventStore, files: ContentFiles?, loop: any EventLoop) {
        self.store = store
        self.files = files
        self.loop = loop
    }

    // MARK: Looking

    /// Gives what the store knows of the event, at the latest after the wait; sooner when it has ended.
    ///
    /// - Returns: what to call when nobody waits any more.
    @discardableResult
    func look(
        _ id: InvocationID, waitMilliseconds: Int64, _ done: @escaping (Result<EventDetail?, EventStoreError>) -> Void
    ) -> () -> Void {
        guard waitMilliseconds > 0, count < Self.mostWaiters else {
            store.get(id, done)
            return {}
        }
        // First in line, then the look: an end between the two is not missed.
        var isAnswered = false
        let answer: (Result<EventDetail?, EventStoreError>) -> Void = { result in
            guard !isAnswered else { return }
            isAnswered = true
            done(result)
        }
        let waiter = Waiter(answer)
        add(waiter, id, milliseconds: waitMilliseconds)
        store.get(id) { [weak self] result in
            if case .success(let detail?) = result, !detail.brief.state.isTerminal { return }
            self?.remove(waiter, id)
            answer(result)
        }
        return { [weak self] in self?.remove(waiter, id) }
    }

    /// The event has ended, as far as somebody says.
    func ended(_ id: InvocationID) {
        guard waiters[id] != nil else { return }
        store.get(id) { [weak self] result in
            guard let self, case .success(let detail) = result else { return }
            // A retry is an end of a run, not of the event.
            guard detail?.brief.state.isTerminal ?? true else { return }
            wake(id, detail)
        }
    }

    /// Hints may have been lost: everybody who waits is looked after.
    func lookAgain() { for id in waiters.keys { ended(id) } }

    private func wake(_ id: InvocationID, _ detail: EventDetail?) {
        for waiter in waiters[id] ?? [] {
            remove(waiter, id)
            waiter.look(.success(detail))
        }
    }

    private func add(_ waiter: Waiter, _ id: InvocationID, milliseconds: Int64) {
        waiters[id, default: []].append(waiter)
        count += 1
        if count == 1 { onWaitersChanged(true) }
        let bound = NIOLoopBound((self, waiter), eventLoop: loop)
        waiter.timer = loop.scheduleTask(in: .milliseconds(milliseconds)) {
            let (me, waiter) = bound.value
            me.remove(waiter, id)
            // A store that does not answer has not said that there is no such event.
            me.store.get(id) { result in waiter.look(result) }
        }
    }

    private func remove(_ waiter: Waiter, _ id: InvocationID) {
        waiter.timer?.cancel()
        guard var all = waiters[id], let index = all.firstIndex(where: { $0 === waiter }) else { return }
        all.remove(at: index)
        waiters[id] = all.isEmpty ? nil : all
        count -= 1
        if count == 0 { onWaitersChanged(false) }
    }

    // MARK: Requests

    func answer(_ request: StoredRequest, to responder: GatewayExchange) {
        switch request {
        case .look(let id, let seconds):
            responder.onEnd = look(id, waitMilliseconds: Int64(seconds) * 1000) { [self] result in
                switch result {
                case .failure(let error): responder.reply(.failure(EventIntake.failure(error)))
                case .success(nil): responder.reply(.failure(Self.notFound(id)))
                case .success(let detail?): answer(detail, to: responder)
                }
            }
        case .cancel(let id): cancel(id, responder)
        }
    }

    private func answer(_ detail: EventDetail, to responder: GatewayExchange) {
        guard let reference = detail.resultRef, let files else {
            return Self.answer(detail, detail.result, to: responder)
        }
        files.read(reference) { result in
            switch result {
            case .success(let bytes): Self.answer(detail, bytes, to: responder)
            case .failure(let error):
                responder.reply(
                    .failure(InvocationFailure(.internalError, "the result's file cannot be read: \(error)")))
            }
        }
    }

    private static func answer(_ detail: EventDetail, _ result: ByteBuffer?, to responder: GatewayExchange) {
        responder.answer(status: 200, fields: jsonFields, body: EventDocument.encode(detail, result: result))
    }

    private func cancel(_ id: InvocationID, _ responder: GatewayExchange) {
        store.cancel(id) { result in
            switch result {
            case .failure(let error): responder.reply(.failure(EventIntake.failure(error)))
            case .success(.notFound): responder.reply(.failure(Self.notFound(id)))
            case .success(.hasEnded): responder.reply(.failure(Self.hasEnded(id)))
            case .success(.cancelled): Self.answer("cancelled", 200, id, responder)
            case .success(.cancelling): Self.answer("cancelling", 202, id, responder)
            }
        }
    }

    private static func answer(_ word: String, _ status: Int, _ id: InvocationID, _ responder: GatewayExchange) {
        let json = ByteBuffer(string: "{\"id\":\"\(id)\",\"outcome\":\"\(word)\"}\n")
        responder.answer(status: status, fields: jsonFields, body: json)
    }

    private static let jsonFields = HTTPFields([("Content-Type", "application/json"), ("Cache-Control", "no-store")])

    static func notFound(_ id: InvocationID) -> InvocationFailure {
        InvocationFailure(
            .invocationNotFound, "There is no event with the id \(id), or it ended longer ago than results are kept.")
    }

    static func hasEnded(_ id: InvocationID) -> InvocationFailure {
        InvocationFailure(.invocationEnded, "The invocation \(id) has ended; there is nothing to cancel.")
    }
}
