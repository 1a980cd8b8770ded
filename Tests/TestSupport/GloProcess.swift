package import AdminModel
import Foundation
import Glibc

/// The real `glo serve`, with a state and a functions directory of its own.
package final class GloProcess: Sendable {
    package struct Options: Sendable {
        package var isolation = "docker"
        package var arguments: [String] = []
        package var environment: [String: String] = [:]
        /// Another copy of glo, with its own glo-init beside it.
        package var program = Program.glo
        /// Requests that the test sends at once.
        package var concurrency = 32

        package init() {}
    }

    package let home: GloHome
    package let process: ChildProcess
    /// The public listener.
    package let http: HTTPClient
    /// `host:port` of the public listener.
    package let address: String
    private let adminClient: HTTPClient
    private let hasContainers: Bool

    package var functions: FunctionsDirectory { home.functions }
    package var state: String { home.state }
    package var log: LogBook { process.log }

    private init(home: GloHome, process: ChildProcess, address: String, options: Options) {
        self.home = home
        self.process = process
        self.address = address
        hasContainers = options.isolation == "docker"
        http = HTTPClient(base: "http://\(address)", concurrency: options.concurrency)
        adminClient = HTTPClient(
            base: "http://glo", unixSocketPath: "\(home.state)/\(AdminPath.socketName)", concurrency: 4)
    }

    // MARK: Starting

    /// Starts a controller and returns when it is ready.
    package static func start(in home: GloHome, _ options: Options = Options()) async throws -> GloProcess {
        let words =
            [
                "serve", "--functions", home.functions.path, "--state", home.state, "--listen", "127.0.0.1:0",
                "--isolation", options.isolation, "--log-format", "json", "--log-level", "debug",
                "--max-connections-per-address", "2000",
            ] + options.arguments
        let process = try ChildProcess(options.program, words, environment: options.environment, directory: home.path)
        home.adopt(process)
        let serving = await process.log.line(seconds: 30) { $0.message == "Glo serves" }
        guard let address = serving?.json["address"].string else {
            throw TestFailure("glo serve does not start:\n" + Self.tail(of: process.log))
        }
        let glo = GloProcess(
            home: home, process: process, address: String(address.dropFirst("http://".count)),
            options: options)
        try await glo.waitUntilReady()
        return glo
    }

    private func waitUntilReady() async throws {
        try await eventually("the controller is ready", seconds: 60) {
            try await self.http.get("/_/ready").status == 200
        }
        // Files that were written a moment ago are still settling then.
        let entries = try FileManager.default.contentsOfDirectory(atPath: functions.path)
        let dropped = entries.filter { !$0.hasPrefix("_") && !$0.hasPrefix(".") }.count
        try await eventually("every function that was prepared is decided", seconds: 60) {
            let known = try await self.ask(AdminPath.functions, as: [FunctionSummary].self)
            return known.count >= dropped && known.allSatisfy { $0.state != .copying && $0.state != .starting }
        }
    }

    /// Runs a test against a controller of its own: prepared functions, a controller, the test, a clean stop. Whatever
    /// happens, nothing is left.
    package static func run(
        _ options: Options = Options(), prepare: (FunctionsDirectory) async throws -> Void = { _ in },
        _ body: (GloProcess) async throws -> Void
    ) async throws {
        if options.isolation == "docker" { try await Docker.require() }
        let home = try GloHome()
        do {
            try await prepare(home.functions)
            let glo = try await start(in: home, options)
            do {
                try await body(glo)
            } catch {
                throw TestFailure("\(error)\n--- the controller's log:\n\(glo.logTail)")
            }
            if glo.process.exitCode == nil { try await glo.stop() }
        } catch {
            await home.cleanUp()
            throw error
        }
        await home.cleanUp()
    }

    /// SIGTERM, and what it promises: exit code 0 and no container left.
    package func stop(seconds: Double = 45) async throws {
        process.signal(SIGTERM)
        guard let code = await process.waitForEnd(seconds: seconds) else {
            throw TestFailure("the controller did not end within \(seconds) s of SIGTERM:\n\(logTail)")
        }
        guard code == 0 else { throw TestFailure("the controller ended with \(code) after SIGTERM:\n\(logTail)") }
        guard hasContainers else { return }
        let left = try await containers()
        guard left.isEmpty else {
            throw TestFailure("\(left.count) containers are left after a clean stop:\n\(logTail)")
        }
    }

    /// Ends it without any chance to clean up.
    package func crash() async throws {
        process.signal(SIGKILL)
        guard await process.waitForEnd(seconds: 10) != nil else {
            throw TestFailure("SIGKILL did not end the controller")
        }
    }

    // MARK: Looking

    package var logTail: String { Self.tail(of: log) }

    private static func tail(of log: LogBook) -> String { log.lines.suffix(40).map(\.text).joined(separator: "\n") }

    /// The first record from index `start` on that fits.
    @discardableResult
    package func logged(
        _ what: String, from start: Int = 0, seconds: Double = 30,
        where predicate: @escaping @Sendable (LogLine) -> Bool
    ) async throws -> LogLine {
        guard let line = await log.line(from: start, seconds: seconds, where: predicate) else {
            throw TestFailure("the controller did not log within \(seconds) s: \(what)\n\(logTail)")
        }
        return line
    }

    /// Waits until a version of a function serves.
    package func serves(_ function: String, version: Int? = nil, from start: Int = 0) async throws {
        try await logged("\(function) serves", from: start) {
            $0.message == "Function serves" && $0.function == function && (version == nil || $0.version == version)
        }
    }

    /// The label of this controller's containers.
    package var label: String {
        get throws {
            guard let label = home.label else { throw TestFailure("the state directory has no namespace") }
            return label
        }
    }

    package func containers() async throws -> [String] { try await Docker.containers(label: label) }

    /// Sends the admin API a request, whatever comes back.
    package func admin(_ method: String, _ path: String) async throws -> HTTPAnswer {
        try await adminClient.send(method, path)
    }

    /// Asks the admin API for a document.
    package func ask<Document: Decodable>(_ path: String, as _: Document.Type) async throws -> Document {
        let answer = try await admin("GET", path)
        guard answer.status == 200 else { throw TestFailure("\(path) answers \(answer.status): \(answer.text)") }
        return try JSONDecoder().decode(Document.self, from: Data(answer.body))
    }

    package func status() async throws -> ControllerStatus {
        try await ask(AdminPath.status, as: ControllerStatus.self)
    }

    package func detail(_ function: String) async throws -> FunctionDetail {
        try await ask(AdminPath.function(function), as: FunctionDetail.self)
    }

    /// The workers of a function, without those that are being stopped.
    package func workers(of function: String) async throws -> [WorkerInfo] {
        try await ask(AdminPath.workers, as: [WorkerInfo].self).filter {
            $0.function == function && $0.state != "stopping"
        }
    }

    /// Runs the real `glo` against this controller.
    package func glo(_ arguments: String..., input: [UInt8] = [], directory: String = "/tmp") async throws
        -> Program.Outcome
    {
        try await Program.run(
            Program.glo, arguments, environment: ["GLO_STATE": state], input: input, directory: directory)
    }
}
