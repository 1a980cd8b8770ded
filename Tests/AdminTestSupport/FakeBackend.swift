package import AdminModel
package import Controller
package import FunctionModel
import NIOCore
package import Synchronization

/// A controller with two functions: `hello`, which serves, and `broken`, which was refused.
package final class FakeBackend: AdminBackend {
    /// Payloads that ``invoke(_:_:)`` was given.
    package let invoked = Mutex<[[UInt8]]>([])
    /// Versions that a rollback was asked for.
    package let rollbacks = Mutex<[Int?]>([])
    /// Aliases that were set and removed.
    package let aliasesSet = Mutex<[AliasInfo]>([])
    package let aliasesRemoved = Mutex<[String]>([])
    /// Qualifiers that ``invoke(_:_:)`` was given.
    package let qualifiers = Mutex<[String?]>([])
    /// What is known of events, and what was asked about them.
    package let events = Mutex(FakeEvents())
    /// What was asked of the logs.
    package let logSelections = Mutex<[LogSelection]>([])
    /// Outcomes that records were asked for by.
    package let outcomes = Mutex<[String?]>([])
    /// Followers of the log; each ends with its reader.
    package let followers = Mutex<[AsyncStream<LogRecord>.Continuation]>([])
    /// Told when a follower has come.
    package let came: AsyncStream<Void>
    /// Told when a follower has gone.
    package let gone: AsyncStream<Void>
    /// Told of each look at the queues.
    package let queueLooks: AsyncStream<Void>
    let queueLooksContinuation: AsyncStream<Void>.Continuation
    private let cameContinuation: AsyncStream<Void>.Continuation
    private let goneContinuation: AsyncStream<Void>.Continuation

    package static let hash = String(repeating: "0123456789abcdef", count: 4)
    package static let moment: Int64 = 1_795_331_819_123
    package static let invocation = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"

    package init() {
        (came, cameContinuation) = AsyncStream.makeStream()
        (gone, goneContinuation) = AsyncStream.makeStream()
        (queueLooks, queueLooksContinuation) = AsyncStream.makeStream()
    }

    package func status() async throws(AdminError) -> ControllerStatus {
        ControllerStatus(
            version: "0.1.0", pid: 4711, bootID: "boot-1", startedAtMilliseconds: Self.moment,
            engine: EngineStatus(kind: "docker", version: "20.10.24", apiVersion: "1.41", isReachable: true),
            listeners: [ListenerStatus(role: "public", address: "127.0.0.1:8080")], functionsDirectory: "functions",
            stateDirectory: ".glo", functions: 2, rejected: 1, workers: 1, spares: 2, memoryBudgetBytes: 8 << 30,
            memoryReservedBytes: 128 << 20, warnings: ["live-restore is off"])
    }

    package func functions() async throws(AdminError) -> [FunctionSummary] {
        [
            FunctionSummary(name: "broken", state: .rejected, problem: "the file is truncated"),
            FunctionSummary(
                name: "hello", state: .active, version: 3, contract: "lambda",
                routes: [RouteInfo(path: "/hello"), RouteInfo(path: "/hi/{name}", methods: ["GET", "POST"])],
                workers: 1, inFlight: 0, deployedAtMilliseconds: Self.moment),
        ]
    }

    package func function(_ name: FunctionName) async throws(AdminError) -> FunctionDetail {
        guard name.rawValue == "hello" else { throw .functionNotFound(name.rawValue) }
        return FunctionDetail(
            name: "hello", state: .rejected, version: version(3), contract: "lambda",
            contractReason: "the manifest says so", routes: [RouteInfo(path: "/hello")],
            settings: FunctionSettings(
                command: ["/var/task/bootstrap", "--name", "a b"], memoryBytes: 128 << 20, cpuMillis: 500,
                timeoutMilliseconds: 30_000, maxWorkers: 8, idleMilliseconds: 600_000, queue: 1000,
                environmentNames: ["LOG"]),
            problem: FunctionProblem(
                code: "unknown_key", message: "unknown key 'memroy'", hint: "did you mean 'memory'?",
                file: "hello/function.yaml", line: 3),
            counters: FunctionCounters(invocations: 10, failures: 1, coldStarts: 2, workersIdle: 1),
            recentInvocations: [
                InvocationSummary(
                    id: Self.invocation, version: 3, endedAtMilliseconds: Self.moment, durationMilliseconds: 4.812,
                    cold: true, attempt: 1, peakMemoryBytes: 13_002_342, outcome: "ok")
            ])
    }

    package func versions(of name: FunctionName) async throws(AdminError) -> [VersionInfo] {
        guard name.rawValue == "hello" else { throw .functionNotFound(name.rawValue) }
        return [version(3), version(2)]
    }

    package func rollBack(_ name: FunctionName, to version: Int?) async throws(AdminError) -> VersionInfo {
        guard name.rawValue == "hello" else { throw .functionNotFound(name.rawValue) }
        guard version != 99 else {
            throw AdminError(.versionNotFound, "hello has no version 99.", hint: "there are 2, 3")
        }
        rollbacks.withLock { $0.append(version) }
        return self.version(version ?? 2)
    }

    package func workers() async throws(AdminError) -> [WorkerInfo] {
        [
            WorkerInfo(
                id: "w1", function: "hello", version: 3, state: "idle",
                container: String(repeating: "c0ffee", count: 10),
                pid: 123, startedAtMilliseconds: Self.moment, invocations: 10, memoryBytes: 12 << 20),
            WorkerInfo(id: "s1", state: "spare", startedAtMilliseconds: Self.moment),
        ]
    }

    package func explain(_ name: FunctionName) async throws(AdminError) -> Explanation {
        guard name.rawValue == "hello" else { throw .functionNotFound(name.rawValue) }
        return Explanation(
            function: "hello", version: 3,
            command: ["docker", "run", "--network", "none", "--tmpfs", "/tmp:rw,size=64m", "image", "it's"],
            notes: ["init starts the handler"])
    }

    /// The payload comes back. "fail" fails, "boom" is an error of the controller, "bytes" gives bytes that are no text.
    package func invoke(_ name: FunctionName, _ request: InvokeRequest) async throws(AdminError) -> InvokeResult {
        guard name.rawValue == "hello" else { throw .functionNotFound(name.rawValue) }
        let payload = Array(request.payload.readableBytesView)
        invoked.withLock { $0.append(payload) }
        qualifiers.withLock { $0.append(request.qualifier) }
        if request.qualifier == "nobody" { throw AdminError(.aliasNotFound, "'hello' has no alias 'nobody'.") }
        var result = InvokeResult(
            id: Self.invocation, function: "hello", version: 3, durationMilliseconds: 4.812, cold: false)
        if request.wantsLogTail { result.logTail = [line("from the handler")] }
        switch payload {
        case Array("fail".utf8):
            result.outcome = FailureCode.handlerFailed.rawValue
            result.detail = "The handler exited with code 3."
            result.setPayload(Array(#"{"errorMessage":"no"}"#.utf8))
        case Array("boom".utf8):
            throw AdminError(.engineUnavailable, "The engine does not answer.", hint: "start it")
        case Array("bytes".utf8):
            result.setPayload([0, 255, 10, 13, 0])
        default:
            result.setPayload(payload)
        }
        return result
    }

    package func logs(_ selection: LogSelection) async throws(AdminError) -> AsyncStream<LogRecord> {
        logSelections.withLock { $0.append(selection) }
        if let name = selection.function, name != "hello" { throw .functionNotFound(name) }
        let (stream, continuation) = AsyncStream.makeStream(of: LogRecord.self)
        for number in 0..<min(selection.tail, 3) { continuation.yield(line("line \(number)")) }
        if selection.follow {
            continuation.onTermination = { [goneContinuation] _ in goneContinuation.yield() }
            followers.withLock { $0.append(continuation) }
            cameContinuation.yield()
        } else {
            continuation.finish()
        }
        return stream
    }

    package func line(_ text: String) -> LogRecord {
        var record = LogRecord(kind: .line, atMilliseconds: Self.moment, function: "hello")
        record.version = 3
        record.stream = .stderr
        record.message = text
        return record
    }

    private func version(_ number: Int) -> VersionInfo {
        VersionInfo(
            number: number, contentHash: Self.hash, contract: "lambda", createdAtMilliseconds: Self.moment,
            isCurrent: number == 3, workers: number == 3 ? 1 : 0, published: number == 2 ? 1 : nil,
            aliases: [VersionAliasShare(name: "live", weight: number == 2 ? 0.9 : 0.1)],
            counters: VersionCounters(invocations: 100, failures: number - 2, coldStarts: 1))
    }
}
