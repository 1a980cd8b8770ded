import Crypto
import DispatchCore
import EventStore
import FunctionModel
import Gateway
import HTTPCodec
import NIOCore
import TextForms

/// Accepts requests that are not to be waited for: the 202 leaves when the event is on the disk, and not before.
///
/// Lives on the data plane's event loop.
final class EventIntake {
    /// The largest body of an event in bytes.
    static let largestBody = 1 << 20

    let store: EventStore
    let files: ContentFiles?
    unowned let dispatcher: Dispatcher
    /// Why nothing can be accepted at the moment, besides the store itself; nil when nothing is wrong.
    var obstacle: String?
    private(set) var counts = IntakeCounts()
    /// Decides whether a callback's address may be used at all; throws the reason.
    let checkCallback: @Sendable (String) throws(InvocationFailure) -> Void
    /// Told of functions that have work now.
    var onAccepted: ([FunctionName]) -> Void = { _ in }
    /// Told when Redis had no room for an event.
    var onFull: () -> Void = {}

    init(
        store: EventStore, files: ContentFiles?, dispatcher: Dispatcher,
        checkCallback: @escaping @Sendable (String) throws(InvocationFailure) -> Void
    ) {
        self.store = store
        self.files = files
        self.dispatcher = dispatcher
        self.checkCallback = checkCallback
    }

    // MARK: Requests

    /// Stores the request, or the events that it carries, for the function of its route, or for the subscribers of the
    /// route's topic.
    func accept(_ request: GatewayRequest, _ wishes: EventWishes, responder: GatewayExchange) {
        switch request.cloudEvents {
        case nil: accept(whole: request, wishes, responder: responder)
        case .one(let cloudEvent):
            do throws(InvocationFailure) {
                let event = try event(cloudEvent, of: request, wishes, id: request.id)
                store(event, of: request) { Self.answer($0, to: responder) }
            } catch {
                responder.reply(.failure(error))
            }
        case .batch(let batch): accept(batch: batch, of: request, wishes, responder: responder)
        }
    }

    /// Stores the request as it came.
    func accept(whole request: GatewayRequest, _ wishes: EventWishes, responder: GatewayExchange) {
        do throws(InvocationFailure) {
            store(try event(request, wishes), of: request) { Self.answer($0, to: responder) }
        } catch {
            responder.reply(.failure(error))
        }
    }

    func store(
        _ event: NewEvent, of request: GatewayRequest, _ done: @escaping (Result<Accepted, InvocationFailure>) -> Void
    ) {
        var event = event
        limit(&event, to: request)
        guard let topic = request.route.topic else {
            event.source = "http"
            return enqueue(event, for: request.route.function, done)
        }
        event.source = "topic"
        // Who publishes an order means the order itself: the subscribers are given its body.
        event.meta = nil
        publish(event, to: topic, done)
    }

    private static func answer(_ result: Result<Accepted, InvocationFailure>, to responder: GatewayExchange) {
        switch result {
        case .success(let accepted): answer(accepted, to: responder)
        case .failure(let failure): responder.reply(.failure(failure))
        }
    }

    /// What is stored for a request as it came.
    func event(_ request: GatewayRequest, _ wishes: EventWishes) throws(InvocationFailure) -> NewEvent {
        let body = request.event.body
        guard body.readableBytes <= Self.largestBody else {
            throw InvocationFailure(
                .bodyTooLarge, "The body of an event has at most \(Self.largestBody >> 20) MiB.")
        }
        var event = try event(request.id, payload: body, wishes, for: request.route.function)
        event.contentType = request.event.head.fields.first("content-type")
        event.meta = RequestRecord.encode(request.event)
        if wishes.idempotencyKey != nil { event.bodyHash = Self.digest(request.event) }
        return event
    }

    /// An event with what is wished of it.
    func event(
        _ id: InvocationID, payload: ByteBuffer, _ wishes: EventWishes, for function: FunctionName
    ) throws(InvocationFailure) -> NewEvent {
        var event = NewEvent(id: id, payload: payload)
        event.key = wishes.idempotencyKey
        if let caller = wishes.caller { event.scope = Self.digest(ByteBuffer(), "caller\n\(caller)") }
        event.delayMilliseconds = wishes.delayMilliseconds.map(Int.init)
        event.priority = wishes.priority
        event.group = wishes.group
        if let callback = wishes.callbackURL {
            try allowCallback(callback, of: function)
            event.callback = callback
        }
        return event
    }

    private func allowCallback(_ url: String, of name: FunctionName) throws(InvocationFailure) {
        guard dispatcher.functions[name]?.current?.manifest.asyncSettings.callbacks == true else {
            throw InvocationFailure(
                .badRequest, "The function takes no Glo-Callback-Url; `async: {callbacks: true}` allows it.")
        }
        try checkCallback(url)
    }

    /// A key belongs to its caller. On a route that does not know its callers all share their keys, so that nothing is
    /// stored twice; but the id of the event, with which it can be read and cancelled, is told to who sends the same
    /// credentials as the first one did (or none, from the same address, when the first had none), and to nobody else.
    func limit(_ event: inout NewEvent, to request: GatewayRequest) {
        guard event.key != nil else { return }
        guard event.scope == nil else {
            event.proof = "caller"
            return
        }
        event.scope = "open"
        let fields = request.event.head.fields
        let credentials = fields.all("authorization") + fields.all("cookie")
        event.proof = Self.digest(
            ByteBuffer(),
            credentials.isEmpty
                ? "address\n\(request.event.sourceAddress)"
                : "credentials\n" + credentials.joined(separator: "\n"))
    }

    /// What makes two requests the same: method, target, type and body.
    private static func digest(_ event: HTTPEvent) -> String {
        let type = event.head.fields.first("content-type") ?? ""
        return digest(event.body, "\(event.head.method.name) \(event.head.path)?\(event.head.query)\n\(type)\n")
    }

    /// 128 bits that are the same for the same bytes alone.
    static func digest(_ body: ByteBuffer, _ prefix: String = "") -> String {
        var hash = SHA256()
        hash.update(data: Array(prefix.utf8))
        body.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
        return Hexadecimal.text(hash.finalize().prefix(16))
    }

    // MARK: The store

    /// What was accepted.
    struct Accepted: Sendable {
        /// The event's id: of one function's event also the invocation's.
        var event: String
        var invocations: [PublishOutcome.Invocation]
        /// Whether an earlier request with the same key had been accepted, whose ids these are.
        var isRepeated: Bool
        /// Of a topic whose name ends in `.fifo`.
        var sequence: Int?
        /// The ids are for somebody else, as far as it shows: there are none.
        var isHidden = false

        static let hidden = Accepted(event: "", invocations: [], isRepeated: true, isHidden: true)
    }

    func enqueue(
        _ event: NewEvent, for function: FunctionName,
        _ done: @escaping (Result<Accepted, InvocationFailure>) -> Void
    ) {
        let done = counting(done)
        if let failure = refusal() { return done(.failure(failure)) }
        keepingPayload(of: event) { [self] result in
            switch result {
            case .failure(let failure): done(.failure(failure))
            case .success(let event):
                store.enqueue(event, for: function) { [self] result in
                    noteFull(result)
                    done(result.mapError(Self.failure).flatMap { accepted($0, function) })
                }
            }
        }
    }

    func publish(
        _ event: NewEvent, to topic: String, _ done: @escaping (Result<Accepted, InvocationFailure>) -> Void
    ) {
        let done = counting(done)
        if let failure = refusal() { return done(.failure(failure)) }
        keepingPayload(of: event) { [self] result in
            switch result {
            case .failure(let failure): done(.failure(failure))
            case .success(let event):
                store.publish(event, to: topic) { [self] result in
                    noteFull(result)
                    done(result.mapError(Self.failure).flatMap(published))
                }
            }
        }
    }

    private func noteFull<Outcome>(_ result: Result<Outcome, EventStoreError>) {
        if case .failure(let error) = result, error.code == .full { onFull() }
    }

    private func counting(
        _ done: @escaping (Result<Accepted, InvocationFailure>) -> Void
    ) -> (Result<Accepted, InvocationFailure>) -> Void {
        { [self] result in
            counts.add(result)
            done(result)
        }
    }

    private func accepted(
        _ outcome: EnqueueOutcome, _ function: FunctionName
    ) -> Result<Accepted, InvocationFailure> {
        switch outcome {
        case .accepted(let id):
            onAccepted([function])
            let invocation = PublishOutcome.Invocation(id: id, function: function)
            return .success(Accepted(event: id.description, invocations: [invocation], isRepeated: false))
        case .repeated(let id):
            let invocation = PublishOutcome.Invocation(id: id, function: function)
            return .success(Accepted(event: id.description, invocations: [invocation], isRepeated: true))
        case .known: return .success(.hidden)
        case .mismatch: return .failure(Self.mismatch)
        }
    }

    private func published(_ outcome: PublishOutcome) -> Result<Accepted, InvocationFailure> {
        switch outcome {
        case .accepted(let event, let invocations, let sequence):
            onAccepted(invocations.map(\.function))
            return .success(
                Accepted(event: event, invocations: invocations, isRepeated: false, sequence: sequence))
        case .repeated(let event, let sequence):
            return .success(Accepted(event: event, invocations: [], isRepeated: true, sequence: sequence))
        case .known: return .success(.hidden)
        case .mismatch: return .failure(Self.mismatch)
        }
    }

    private static let mismatch = InvocationFailure(
        .idempotencyMismatch, "The idempotency key was used for another body within the last day.")

    private func refusal() -> InvocationFailure? {
        guard let obstacle else { return nil }
        return InvocationFailure(.eventsUnavailable, obstacle, retryAfterSeconds: 5)
    }

    /// A large payload goes to a file of its own, which is on the disk before the event that names it.
    private func keepingPayload(
        of event: NewEvent, _ then: @escaping (Result<NewEvent, InvocationFailure>) -> Void
    ) {
        guard let files, event.payload.readableBytes > ContentFiles.inlineLimitBytes else {
            return then(.success(event))
        }
        let reference = ContentFiles.newRef(for: event.payload, using: &dispatcher.random)
        files.write(event.payload, as: reference) { result in
            switch result {
            case .success:
                var event = event
                event.ref = reference
                event.payload = ByteBuffer()
                then(.success(event))
            case .failure(let error):
                then(.failure(InvocationFailure(.eventsUnavailable, "the payload cannot be written: \(error)")))
            }
        }
    }

    /// A command was sent, and nobody knows what became of it.
    static let mayHaveHappened =
        "It may have been carried out all the same: send it again with the same Idempotency-Key, and it is not done twice."

    static func failure(_ error: EventStoreError) -> InvocationFailure {
        switch error.code {
        case .full, .queueFull:
            var failure = InvocationFailure(.queueFull, error.description, retryAfterSeconds: 5)
            failure.status = 503
            return failure
        case .topicNotFound: return InvocationFailure(.topicNotFound, error.description)
        case .badArgument: return InvocationFailure(.badRequest, error.description)
        case .unavailable, .timedOut, .protocolViolation, .other:
            return InvocationFailure(
                .eventsUnavailable, error.mayHaveHappened ? "\(error.message) \(mayHaveHappened)" : error.description,
                retryAfterSeconds: 1)
        }
    }

    // MARK: The answer

    private static func answer(_ accepted: Accepted, to responder: GatewayExchange) {
        guard !accepted.isHidden else {
            let fields = HTTPFields([("Content-Type", "application/json"), ("Preference-Applied", "respond-async")])
            return responder.answer(status: 202, fields: fields, body: ByteBuffer(string: "{\"repeated\":true}\n"))
        }
        var json = ByteBufferAllocator().buffer(capacity: 128 + accepted.invocations.count * 96)
        var fields = HTTPFields()
        fields.append(name: "Content-Type", value: "application/json")
        json.writeStaticString("{\"id\":")
        JSONText.writeString(accepted.event, into: &json)
        if accepted.invocations.count == 1, let only = accepted.invocations.first {
            fields.append(name: "Location", value: StoredRequest.prefix + only.id.description)
        }
        fields.append(name: "Preference-Applied", value: "respond-async")
        if accepted.invocations.count != 1 || accepted.invocations.first?.id.description != accepted.event {
            json.writeStaticString(",\"invocations\":[")
            for (index, invocation) in accepted.invocations.enumerated() {
                json.writeString(
                    "\(index > 0 ? "," : ""){\"id\":\"\(invocation.id)\",\"function\":\"\(invocation.function)\"}")
            }
            json.writeStaticString("]")
        }
        if accepted.isRepeated { json.writeStaticString(",\"repeated\":true") }
        json.writeStaticString("}\n")
        responder.answer(status: 202, fields: fields, body: json)
    }
}
