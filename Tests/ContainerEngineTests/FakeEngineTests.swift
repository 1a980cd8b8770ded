import FunctionModel
import Logging
import Testing

@testable import ContainerEngine

/// A Docker engine against a server that misbehaves.
@Suite(.timeLimit(.minutes(1))) struct FakeEngineTests {
    private let directory = TemporaryDirectory()

    private static func healthy(_ request: ScriptedServer.Request) -> ScriptedServer.Reply {
        let path = request.path.split(separator: "?")[0]
        if path == "/_ping" { return .respond(status: 200, body: "OK", fields: ["Api-Version: 1.41"]) }
        if path == "/version" {
            return .respond(status: 200, body: #"{"Version":"99","ApiVersion":"1.60","MinAPIVersion":"1.44","Z":[1]}"#)
        }
        if path.hasSuffix("/info") { return .respond(status: 200, body: #"{"NCPU":4,"MemTotal":1000,"Z":{}}"#) }
        if path.contains("/images/") { return .respond(status: 200, body: #"{"Id":"sha256:1","Z":0}"#) }
        if path.hasSuffix("/containers/create") {
            return .respond(status: 201, body: #"{"Id":"abc","Warnings":["careful"]}"#)
        }
        if request.method == "POST" || request.method == "DELETE" { return .respond(status: 204, body: "") }
        return .respond(
            status: 200, body: #"{"Id":"abc","State":{"Running":true,"Pid":77,"ExitCode":0,"OOMKilled":false,"Z":1}}"#)
    }

    private func engine(
        _ server: ScriptedServer, available: @escaping @Sendable (Bool) -> Void = { _ in }
    ) -> DockerEngine {
        var settings = DockerEngineSettings(
            socketPath: server.path, processors: 2, layout: HostLayout(links: [], directories: [], mounts: []))
        settings.firstProbeMilliseconds = 20
        settings.maxProbeMilliseconds = 50
        // Short enough to wait for, long enough for a machine that runs all other tests at once.
        settings.deadlines.ping = 1_000
        settings.deadlines.inspect = 1_000
        settings.deadlines.create = 1_500
        settings.deadlines.start = 1_500
        settings.deadlines.remove = 1_500
        return DockerEngine(settings: settings, logger: Logger(label: "test"), onAvailabilityChange: available)
    }

    private func code(_ body: () async throws -> Void) async -> EngineError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? EngineError)?.code
        }
    }

    private let spec = ContainerProfileTests.spec()

    @Test("The version is agreed on, fields that nobody knows are passed over, and a start is create, start, inspect")
    func healthyEngine() async throws {
        let server = ScriptedServer(directory: directory.path) { Self.healthy($0) }
        defer { server.stop() }
        let engine = engine(server)
        let description = try await engine.prepare { _ in }
        #expect(description.apiVersion == "1.51" && description.processors == 4)
        #expect(description.baseImageID == "sha256:1")
        let container = try await engine.start(spec)
        #expect(container == RunningContainer(id: spec.id, engineID: "abc", processID: 77))
        let paths = server.requests.map { "\($0.method) \($0.path)" }
        #expect(
            paths.suffix(4) == [
                "GET /_ping", "POST /v1.51/containers/create?name=glo-ns-1", "POST /v1.51/containers/abc/start",
                "GET /v1.51/containers/glo-ns-1/json",
            ])
    }

    @Test("Podman is refused by its name, with what to install")
    func podman() async {
        let server = ScriptedServer(directory: directory.path) { request in
            request.path == "/version"
                ? .respond(
                    status: 200,
                    body:
                        #"{"Version":"4.3.1","ApiVersion":"1.41","Components":[{"Name":"Podman Engine","Version":"4.3.1"}]}"#
                )
                : Self.healthy(request)
        }
        defer { server.stop() }
        let error = await #expect(throws: EngineError.self) { _ = try await engine(server).prepare { _ in } }
        #expect(error?.code == .notSupported)
        #expect(error?.message.contains("Podman") == true && error?.hint.contains("Install Docker") == true)
    }

    @Test("A hanging engine costs each call its deadline, then nothing, and is used again as soon as it answers")
    func hanging() async throws {
        let hangs = Shared(true)
        let server = ScriptedServer(directory: directory.path) { hangs.value ? .hang : Self.healthy($0) }
        defer { server.stop() }
        let (changes, continuation) = AsyncStream<Bool>.makeStream()
        let engine = engine(server) { continuation.yield($0) }
        for _ in 0..<3 { #expect(await code { _ = try await engine.start(spec) } == .timedOut) }
        #expect(!engine.isAvailable)
        let clock = ContinuousClock()
        let time = await clock.measure {
            for _ in 0..<200 { #expect(await code { _ = try await engine.start(spec) } == .unavailable) }
        }
        #expect(time < .seconds(1))
        // What it holds does not grow: at most a connection for each of its threads.
        #expect(server.openConnections <= 7)
        #expect(engine.connection.threadCount <= 7)
        var iterator = changes.makeAsyncIterator()
        #expect(await iterator.next() == false)
        hangs.update { $0 = false }
        #expect(await iterator.next() == true)
        #expect(engine.isAvailable)
        _ = try await engine.start(spec)
    }

    @Test("Many callers of a hanging engine share few threads and all come back")
    func herd() async {
        let server = ScriptedServer(directory: directory.path) { _ in .hang }
        defer { server.stop() }
        let engine = engine(server)
        await withTaskGroup(of: EngineError.Code?.self) { group in
            for index in 0..<100 {
                group.addTask {
                    await code { _ = try await engine.exitReport(ContainerID("glo-\(index)")) }
                }
            }
            for await code in group { #expect(code == .timedOut || code == .unavailable) }
        }
        #expect(server.openConnections <= 7)
        #expect(engine.connection.threadCount <= 7)
    }

    @Test("Garbage and broken connections open the breaker", arguments: [false, true])
    func garbage(_ closes: Bool) async {
        let server = ScriptedServer(directory: directory.path) { _ in closes ? .close : .raw("so what\n\n") }
        defer { server.stop() }
        let engine = engine(server)
        for _ in 0..<3 { #expect(await code { _ = try await engine.exitReport(spec.id) } == .unavailable) }
        #expect(!engine.isAvailable)
    }

    @Test("An engine that answers with errors is there", arguments: [500, 503, 400])
    func errors(_ status: Int) async {
        let server = ScriptedServer(directory: directory.path) { _ in
            .respond(status: status, body: #"{"message":"boom"}"#)
        }
        defer { server.stop() }
        let engine = engine(server)
        for _ in 0..<10 {
            let code = await code { _ = try await engine.exitReport(spec.id) }
            #expect(code == (status == 400 ? .badConfiguration : .other))
        }
        #expect(engine.isAvailable)
    }

    @Test(
        "An answer that is not the JSON it should be is an error, not a crash",
        arguments: ["", "{", "[]", #"{"Id":7}"#])
    func badJSON(_ body: String) async {
        let server = ScriptedServer(directory: directory.path) { _ in .respond(status: 200, body: body) }
        defer { server.stop() }
        #expect(await code { _ = try await engine(server).exitReport(spec.id) } == .other)
    }

    @Test("Nobody at the socket is said with what to do")
    func missing() async {
        let server = ScriptedServer(directory: directory.path) { _ in .hang }
        server.stop()
        let error = await #expect(throws: EngineError.self) { _ = try await engine(server).prepare { _ in } }
        #expect(error?.code == .unavailable)
        #expect(error?.hint.contains("systemctl start docker") == true)
    }

    @Test("A container whose start was not answered is removed when the engine answers again")
    func abandoned() async throws {
        let hangs = Shared(false)
        let server = ScriptedServer(directory: directory.path) { request in
            if request.path.hasSuffix("/start") && request.method == "POST" { hangs.update { $0 = true } }
            return hangs.value ? .hang : Self.healthy(request)
        }
        defer { server.stop() }
        let (changes, continuation) = AsyncStream<Bool>.makeStream()
        let engine = engine(server) { continuation.yield($0) }
        #expect(await code { _ = try await engine.start(spec) } == .timedOut)
        _ = await code { _ = try await engine.exitReport(spec.id) }
        var iterator = changes.makeAsyncIterator()
        #expect(await iterator.next() == false)
        hangs.update { $0 = false }
        #expect(await iterator.next() == true)
        try await engine.remove(ContainerID("another"))
        try await waitUntil {
            server.requests.contains { $0.method == "DELETE" && $0.path.contains("/glo-ns-1?") }
        }
    }

    @Test("A name in use is left to its owner")
    func nameInUse() async {
        let server = ScriptedServer(directory: directory.path) { request in
            request.path.contains("/create?name=")
                ? .respond(status: 409, body: #"{"message":"Conflict. The name is already in use."}"#)
                : Self.healthy(request)
        }
        defer { server.stop() }
        #expect(await code { _ = try await engine(server).start(spec) } == .nameInUse)
        #expect(!server.requests.contains { $0.method == "DELETE" })
    }

    @Test("A pruned base image is made again")
    func pruned() async throws {
        let creates = Shared(0)
        let imports = Shared(0)
        let server = ScriptedServer(directory: directory.path) { request in
            if request.path.contains("fromSrc") { imports.update { $0 += 1 } }
            if request.path.contains("/images/glo-base"), creates.value > 0, imports.value == 0 {
                return .respond(status: 404, body: #"{"message":"No such image"}"#)
            }
            if request.path.contains("/create?name=") {
                creates.update { $0 += 1 }
                if creates.value == 1 { return .respond(status: 404, body: #"{"message":"No such image: x"}"#) }
            }
            return Self.healthy(request)
        }
        defer { server.stop() }
        let engine = engine(server)
        _ = try await engine.prepare { _ in }
        _ = try await engine.start(spec)
        #expect(imports.value == 1 && creates.value == 2)
    }

    @Test("A pull tells how far it is, and its error is the engine's words")
    func pull() async throws {
        let isThere = Shared(false)
        let server = ScriptedServer(directory: directory.path) { request in
            if request.path.contains("fromImage=good") {
                isThere.update { $0 = true }
                return .respond(status: 200, body: #"{"status":"Pull complete","id":"a"}"# + "\r\n")
            }
            if request.path.contains("fromImage=bad") {
                return .respond(status: 200, body: #"{"error":"manifest unknown"}"# + "\n")
            }
            return isThere.value ? Self.healthy(request) : .respond(status: 404, body: #"{"message":"no"}"#)
        }
        defer { server.stop() }
        let engine = engine(server)
        let said = Shared<[String]>([])
        let error = await #expect(throws: EngineError.self) { _ = try await engine.ensureImage("bad:1") { _ in } }
        #expect(error?.code == .imageMissing && error?.cause == "manifest unknown")
        let id = try await engine.ensureImage("good") { sentence in said.update { $0.append(sentence) } }
        #expect(id == "sha256:1")
        #expect(said.value == ["pulling good", "pulling good: 1 of 1 layers, 0 of 0 MiB", "pulled good"])
        #expect(server.requests.contains { $0.path.hasSuffix("/images/create?fromImage=good&tag=latest") })
    }

    @Test("A caller that is cancelled while it waits for its turn starts nothing")
    func cancelled() async {
        let server = ScriptedServer(directory: directory.path) { Self.healthy($0) }
        defer { server.stop() }
        let engine = engine(server)
        let task = Task { () -> EngineError.Code? in
            while !Task.isCancelled { await Task.yield() }
            return await code { _ = try await engine.start(spec) }
        }
        task.cancel()
        #expect(await task.value == .cancelled)
        #expect(!server.requests.contains { $0.path.contains("create?name") })
    }
}
