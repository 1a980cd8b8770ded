import DispatchCore
import FunctionModel
import HTTPCodec

/// What a request is for.
extension ConnectionHandler {
    /// By its path and method, before any of its body has come.
    func purpose(of head: HTTPRequestHead) -> RequestInHand.Purpose {
        if let whole = gateway.wholeRequests { return .whole(maxBodyBytes: whole.maxBodyBytes(for: head)) }
        if head.method == .connect {
            return .answer(
                .problem(ProblemDocument(.notImplemented, "CONNECT asks for a tunnel, and functions open none.")))
        }
        if head.path.utf8.starts(with: "/_".utf8), let own = ownPurpose(head) { return own }
        if head.method == .options, let own = answerToQuestion(head) { return .answer(own) }
        switch gateway.delegate.resolve(head) {
        case .found(let route, let parameters): return .invoke(route, parameters: parameters)
        case .methodNotAllowed(let allowed):
            let names = allowed.map(\.name).joined(separator: ", ")
            return .answer(
                .problem(ProblemDocument(.methodNotAllowed, "This route takes \(names).", allow: allowed)))
        case .ambiguous:
            return .answer(
                .problem(
                    ProblemDocument(
                        .ambiguousPath,
                        "A server may read this path as that of another route, which has other protection. Send the "
                            + "path without percent-encoding that it does not need, empty segments or ';'.")))
        case .notFound where gateway.delegate.isStarting:
            return .answer(
                .problem(ProblemDocument(.starting, "The functions are being read; this route may be among them.")))
        case .notFound:
            return .answer(.problem(ProblemDocument(.routeNotFound, "No function has a route for this path.")))
        }
    }

    private func ownPurpose(_ head: HTTPRequestHead) -> RequestInHand.Purpose? {
        if head.path.hasPrefix(StoredRequest.prefix) { return storedPurpose(head) }
        return ownAnswer(head).map { .answer($0) }
    }

    private func storedPurpose(_ head: HTTPRequestHead) -> RequestInHand.Purpose {
        guard let id = InvocationID(head.path.dropFirst(StoredRequest.prefix.count)) else {
            return .answer(.problem(ProblemDocument(.invocationNotFound, "This is not the id of an invocation.")))
        }
        switch head.method {
        case .get, .head:
            let wait = head.fields.all("prefer").lazy.compactMap(Preference.wait).first ?? 0
            return .stored(.look(id, waitSeconds: min(max(wait, 0), StoredRequest.longestWaitSeconds)))
        case .delete: return .stored(.cancel(id))
        default:
            return .answer(
                .problem(
                    ProblemDocument(
                        .methodNotAllowed, "This path takes GET, HEAD, DELETE.", allow: [.get, .head, .delete])))
        }
    }

    /// What Glo itself answers under `/_/` besides invocations: its health and whether it is ready.
    private func ownAnswer(_ head: HTTPRequestHead) -> OwnAnswer? {
        let own: OwnAnswer
        switch head.path {
        case "/_/health": own = .health
        case "/_/ready": own = .readiness(events: head.query == "events" || head.query.hasPrefix("events="))
        default: return nil
        }
        switch head.method {
        case .get, .head: return own
        default:
            return .problem(
                ProblemDocument(.methodNotAllowed, "This path takes GET, HEAD.", allow: [.get, .head]))
        }
    }

    func maxBodyBytes(for purpose: RequestInHand.Purpose) -> Int {
        switch purpose {
        case .invoke(let route, _): route.maxBodyBytes ?? gateway.configuration.maxBodyBytes
        case .whole(let limit): limit
        case .answer, .stored: ConnectionStateMachine.maxDiscardedBodyBytes
        }
    }
}
