import EventStore
import FunctionCatalog
import FunctionModel
import Gateway
import HTTPCodec
import NIOCore
import Observability
import TextForms

/// Lambda's Invoke APIs, on the data plane's event loop: a call costs no thread change.
final class InvokeAPI {
    private let dispatcher: Dispatcher
    private let log: FunctionLogStore
    /// Knows of functions that do not serve.
    private let catalog: FunctionCatalog?
    private var attempts: AttemptTable<GatewayExchange>

    init(
        dispatcher: Dispatcher, log: FunctionLogStore, catalog: FunctionCatalog? = nil,
        attempts: AttemptTable<GatewayExchange> = AttemptTable()
    ) {
        self.dispatcher = dispatcher
        self.log = log
        self.catalog = catalog
        self.attempts = attempts
    }

    /// A request that was let in.
    struct Call {
        let call: InvokeCall
        let request: WholeRequest
        /// Checked: one JSON value, or nothing.
        let payload: ByteBuffer
        /// The access key, or nothing.
        let caller: String
    }

    func answer(_ call: Call, exchange: GatewayExchange) {
        do throws(LambdaAPIError) {
            let head = try InvokeRequestHead(call.call, call.request.head)
            guard let target = try target(head.function) else { return refuse(head, call, exchange) }
            switch head.type {
            case .dryRun:
                InvokeAnswer(id: exchange.id, status: 204, fields: HTTPFields(), body: ByteBuffer(), hasRun: false)
                    .send(to: exchange)
            case .event: try enqueue(call, head, target, exchange)
            case .requestResponse where call.call.operation == .invokeWithResponseStream:
                stream(call, head, target, exchange)
            case .requestResponse: run(call, head, target, exchange)
            }
        } catch {
            InvokeAnswer(id: exchange.id, error).send(to: exchange)
        }
    }

    // MARK: What is meant

    private struct Target {
        let name: FunctionName
        let qualified: Dispatcher.Qualified
    }

    /// Nil when nothing of that name serves.
    private func target(_ reference: FunctionReference) throws(LambdaAPIError) -> Target? {
        guard !dispatcher.isDraining else {
            throw .service("The controller is stopping.", status: 503, retryAfterSeconds: 1)
        }
        guard let name = FunctionName(reference.name), let qualified = dispatcher.qualified(name, reference.qualifier)
        else {
            guard !dispatcher.isStarting else {
                throw .service("The controller reads its functions.", status: 503, retryAfterSeconds: 1)
            }
            return nil
        }
        return Target(name: name, qualified: qualified)
    }

    /// Says why a function does not run: it is not there, or what lies in the functions directory cannot run.
    private func refuse(_ head: InvokeRequestHead, _ call: Call, _ exchange: GatewayExchange) {
        let reference = head.function
        let (id, isWaitedFor) = (exchange.id, head.type == .requestResponse && call.call.operation == .invoke)
        let missing = InvokeAnswer(id: id, .notFound(reference.name, qualifier: reference.qualifier))
        guard let catalog, let name = FunctionName(reference.name), Self.named(reference.qualifier) == nil else {
            return missing.send(to: exchange)
        }
        let bound = NIOLoopBound(exchange, eventLoop: dispatcher.loop)
        let loop = dispatcher.loop
        Task {
            let unserved = await catalog.entry(name).flatMap(UnservedFunction.init)
            loop.execute { (unserved?.answer(id: id, isWaitedFor: isWaitedFor) ?? missing).send(to: bound.value) }
        }
    }

    private func attempt(_ call: Call, _ head: InvokeRequestHead, _ target: Target) -> AttemptedCall? {
        head.attemptID.map {
            AttemptedCall(
                id: $0, function: target.name, qualifier: head.function.qualifier, caller: call.caller)
        }
    }

    /// Runs `body` unless an earlier attempt of the same call runs or has run; `body` is given what has to be told of
    /// the end.
    private func once(
        _ attempt: AttemptedCall?, _ exchange: GatewayExchange, _ body: (@escaping (InvokeAnswer) -> Void) -> Void
    ) {
        guard let attempt else { return body { $0.send(to: exchange) } }
        switch attempts.arrived(attempt, exchange, now: dispatcher.now) {
        case .joined: break
        case .ended(let answer): answer.send(to: exchange)
        case .runs:
            body { [self] answer in
                var wasTaken = !exchange.isClientGone
                answer.send(to: exchange)
                for waiter in attempts.ended(attempt) where !waiter.isClientGone {
                    answer.send(to: waiter)
                    wasTaken = true
                }
                guard answer.hasRun else { return }
                attempts.keep(attempt, answer, wasTaken: wasTaken, now: dispatcher.now)
            }
        }
    }

    // MARK: RequestResponse

    private func run(_ call: Call, _ head: InvokeRequestHead, _ target: Target, _ exchange: GatewayExchange) {
        let id = exchange.id
        once(attempt(call, head, target), exchange) { done in
            let began = dispatcher.now
            let since = dispatcher.environment.unixMilliseconds()
            let responder = InvokeExchange { [self] outcome in
                if let failure = outcome.failure,
                    let error = LambdaAPIError(failure, name: head.function.name, qualifier: head.function.qualifier)
                {
                    return done(InvokeAnswer(id: id, error))
                }
                let answer = Self.answer(id, outcome, target.qualified.executedVersion)
                guard head.wantsLogTail else { return done(answer) }
                tail(id, target, outcome.version, outcome.failure, began: began, since: since) { text in
                    var answer = answer
                    answer.fields.append(name: "X-Amz-Log-Result", value: text)
                    done(answer)
                }
            }
            start(call, head, target, id, responder)
        }
    }

    /// The qualifier that the handler is shown as part of its ARN; none when what lies in the directory was meant.
    private static func named(_ qualifier: String?) -> String? { qualifier == Dispatcher.latest ? nil : qualifier }

    private func start(
        _ call: Call, _ head: InvokeRequestHead, _ target: Target, _ id: InvocationID, wantsStream: Bool = false,
        _ responder: any InvocationResponder
    ) {
        dispatcher.invoke(
            target.qualified.function, input: .direct(call.payload), payload: .raw, id: id,
            traceParent: InvokeRequestHead.traceParent(call.request.head.fields, &dispatcher.random),
            qualifier: Self.named(head.function.qualifier), caller: head.caller, limitBeginsWithRun: true,
            wantsStream: wantsStream, responder: responder)
    }

    /// What nearly every answer carries, made once.
    private static let latest = HTTPFields([
        ("Content-Type", "application/json"), ("X-Amz-Executed-Version", "$LATEST"),
    ])
    private static let nothing = ByteBuffer(staticString: "null")

    private static func answer(
        _ id: InvocationID, _ outcome: InvokeExchange.Outcome, _ executedVersion: String
    ) -> InvokeAnswer {
        var fields =
            executedVersion == "$LATEST"
            ? latest
            : HTTPFields([("Content-Type", "application/json"), ("X-Amz-Executed-Version", executedVersion)])
        guard let failure = outcome.failure else {
            let body = outcome.body.readableBytes > 0 ? outcome.body : nothing
            return InvokeAnswer(id: id, status: 200, fields: fields, body: body, hasRun: true)
        }
        fields.append(name: "X-Amz-Function-Error", value: "Unhandled")
        return InvokeAnswer(
            id: id, status: 200, fields: fields, body: FunctionError.document(failure, of: id), hasRun: true)
    }

    /// The error of a handler that could not tell of it itself.
    private static func untold(_ failure: InvocationFailure, of id: InvocationID) -> ByteBuffer? {
        switch failure.code {
        case .timedOut, .handlerExited, .outOfMemory: FunctionError.document(failure, of: id)
        default: nil
        }
    }

    /// Calls back on the loop with the log's end in Base64.
    private func tail(
        _ id: InvocationID, _ target: Target, _ version: FunctionVersion?, _ failure: InvocationFailure?,
        began: MonotonicTime, since: Int64, _ done: @escaping (String) -> Void
    ) {
        let milliseconds = Double(dispatcher.now.nanoseconds(since: began)) / 1_000_000
        let limits = version?.manifest.limits ?? Limits()
        let tail = LogTail(
            id: id, function: target.name, executedVersion: target.qualified.executedVersion,
            memoryBytes: limits.memoryBytes, since: since, error: failure.flatMap { Self.untold($0, of: id) })
        let (loop, log) = (dispatcher.loop, log)
        let bound = NIOLoopBound(done, eventLoop: loop)
        Task {
            let text = Base64.encode(await tail.text(log, durationMilliseconds: milliseconds))
            loop.execute { bound.value(text) }
        }
    }

    // MARK: InvokeWithResponseStream

    private func stream(_ call: Call, _ head: InvokeRequestHead, _ target: Target, _ exchange: GatewayExchange) {
        let id = exchange.id
        let began = dispatcher.now
        let since = dispatcher.environment.unixMilliseconds()
        var tail: ((FunctionVersion?, @escaping (String?) -> Void) -> Void)?
        if head.wantsLogTail {
            tail = { [self] version, done in
                self.tail(id, target, version, nil, began: began, since: since) { done($0) }
            }
        }
        let responder = StreamedInvokeExchange(
            id: id, exchange: exchange, executedVersion: target.qualified.executedVersion,
            refusal: { LambdaAPIError($0, name: head.function.name, qualifier: head.function.qualifier) }, tail: tail)
        start(call, head, target, id, wantsStream: true, responder)
    }

    // MARK: Event

    private static let legacyAccepted = ByteBuffer(staticString: "{\"Status\":202}")

    private func enqueue(
        _ call: Call, _ head: InvokeRequestHead, _ target: Target, _ exchange: GatewayExchange
    ) throws(LambdaAPIError) {
        guard let events = dispatcher.events else {
            throw .service(EventPlane.off.detail, status: 503)
        }
        let isLegacy = call.call.operation == .invokeAsync
        let id = exchange.id
        once(attempt(call, head, target), exchange) { done in
            var event = NewEvent(id: id, payload: call.payload)
            if call.payload.readableBytes == 0 { event.payload = ByteBuffer(staticString: "{}") }
            event.contentType = "application/json"
            event.source = "lambda"
            event.qualifier = Self.named(head.function.qualifier)
            events.intake.enqueue(event, for: target.name) { result in
                switch result {
                case .success:
                    let fields = isLegacy ? HTTPFields([("Content-Type", "application/json")]) : HTTPFields()
                    done(
                        InvokeAnswer(
                            id: id, status: 202, fields: fields, body: isLegacy ? Self.legacyAccepted : ByteBuffer(),
                            hasRun: true))
                case .failure(let failure):
                    let error =
                        LambdaAPIError(failure, name: head.function.name, qualifier: head.function.qualifier)
                        ?? .service(failure.detail)
                    done(InvokeAnswer(id: id, error))
                }
            }
        }
    }
}
