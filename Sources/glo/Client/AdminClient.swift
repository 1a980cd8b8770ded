import AdminModel
import CurlClient
import FoundationEssentials
import Glibc
import TextForms

/// Requests to the controller's admin API over its Unix socket. They block: a command has nothing else to do.
struct AdminClient {
    let state: StateDirectory

    /// A document and the bytes that it came as.
    struct Reply<Document> {
        let document: Document
        let bytes: [UInt8]
    }

    /// Asks for a document.
    func get<Document: Decodable>(
        _ path: String, timeoutMilliseconds: Int = 10_000, as type: Document.Type
    ) throws(CommandFailure) -> Reply<Document> {
        try exchange("GET", path, body: nil, timeoutMilliseconds: timeoutMilliseconds, as: type)
    }

    /// Takes something away, and reads what became of it.
    func delete<Document: Decodable>(_ path: String, as type: Document.Type) throws(CommandFailure) -> Reply<Document> {
        try exchange("DELETE", path, body: nil, timeoutMilliseconds: 10_000, as: type)
    }

    /// Sends a document and reads another.
    func post<Document: Decodable>(
        _ path: String, _ document: some Encodable, timeoutMilliseconds: Int = 30_000, as type: Document.Type
    ) throws(CommandFailure) -> Reply<Document> {
        guard let body = try? JSONEncoder().encode(document) else {
            throw CommandFailure(.usage, "the arguments cannot be written as JSON")
        }
        return try exchange("POST", path, body: Array(body), timeoutMilliseconds: timeoutMilliseconds, as: type)
    }

    /// Sends bytes and reads a document.
    ///
    /// - Parameter timeoutMilliseconds: nil waits for as long as the controller does.
    func post<Document: Decodable>(
        _ path: String, body: [UInt8], timeoutMilliseconds: Int?, as type: Document.Type
    ) throws(CommandFailure) -> Reply<Document> {
        try exchange("POST", path, body: body, timeoutMilliseconds: timeoutMilliseconds, as: type)
    }

    /// Reads a stream of lines until it ends.
    func lines(_ path: String, _ body: ([UInt8]) -> Void) throws(CommandFailure) {
        var buffer = LineBuffer()
        var status = 0
        var refusal: [UInt8] = []
        let connection = try Connection(state)
        let request = connection.request("GET", path, body: nil, timeoutMilliseconds: nil)
        do throws(CurlError) {
            try CurlSession().stream(
                request, onHead: { status = $0.status },
                onData: { bytes in
                    if status == 200 { buffer.append(bytes, onLine: body) } else { refusal += bytes }
                    return true
                })
        } catch {
            throw failure(error)
        }
        if status != 200 { throw failure(status: status, body: refusal) }
    }

    private func exchange<Document: Decodable>(
        _ method: String, _ path: String, body: [UInt8]?, timeoutMilliseconds: Int?, as type: Document.Type
    ) throws(CommandFailure) -> Reply<Document> {
        let connection = try Connection(state)
        let request = connection.request(method, path, body: body, timeoutMilliseconds: timeoutMilliseconds)
        let response: CurlResponse
        do throws(CurlError) {
            response = try CurlSession().perform(request)
        } catch {
            throw failure(error)
        }
        guard (200..<300).contains(response.status) else { throw failure(status: response.status, body: response.body) }
        guard let document = try? JSONDecoder().decode(type, from: Data(response.body)) else {
            throw CommandFailure(
                .failed, "the controller's answer is not what this version of glo (\(GloVersion.current)) expects",
                hint: "Use the glo of the same version as the controller; `glo status -o json` shows the controller's.")
        }
        return Reply(document: document, bytes: response.body)
    }

    private func failure(_ error: CurlError) -> CommandFailure {
        let start = "Start one with: glo serve --state \(ShellText.line([state.path]))"
        switch error.kind {
        case .couldNotConnect(.noSuchFile):
            return CommandFailure(
                .unreachable,
                "no controller runs on the state directory \(state.path): there is no \(AdminPath.socketName)",
                hint: "\(start), or name another state directory with --state or GLO_STATE.")
        case .couldNotConnect(.refused):
            return CommandFailure(
                .unreachable, "no controller runs on the state directory \(state.path): nobody answers at its socket",
                hint: "\(start).")
        case .couldNotConnect(.notPermitted):
            return CommandFailure(
                .unreachable, "this user may not talk to the controller of \(state.path)",
                hint: "Run the command as the controller's user, or with sudo.")
        case .couldNotConnect(.other), .timedOut, .disconnected:
            return CommandFailure(
                .unreachable, "the controller of \(state.path) does not answer: \(error.message)",
                hint: "See its log, and whether its process still runs.")
        case .tooLarge, .aborted, .other:
            return CommandFailure(.failed, error.message, hint: error.hint.isEmpty ? nil : error.hint)
        }
    }

    private func failure(status: Int, body: [UInt8]) -> CommandFailure {
        guard let problem = try? JSONDecoder().decode(ProblemDocument.self, from: Data(body)) else {
            return CommandFailure(.failed, "the controller answered with status \(status)")
        }
        return CommandFailure(
            status == 404 ? .notFound : .failed, "\(TerminalText.escaped(problem.detail)) (\(problem.code))",
            hint: problem.hint)
    }
}
