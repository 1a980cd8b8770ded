import AdminModel
import Foundation
import Glibc
import TestSupport

/// One run from the empty directory to the evidence.
struct ChaosRun: Sendable {
    private let settings: ChaosSettings
    private let directory: ChaosDirectory
    private let controller: ControllerUnderTest
    private let producers: Producers
    private let admin: HTTPClient
    private let http: HTTPClient
    private let ledgers: ContainerLedgers
    /// Told what goes on, in sentences.
    private let say: @Sendable (String) -> Void

    private init(
        _ settings: ChaosSettings, _ directory: ChaosDirectory, say: @escaping @Sendable (String) -> Void
    ) throws {
        self.settings = settings
        self.directory = directory
        self.say = say
        ledgers = ContainerLedgers(path: directory.ledgerInContainer)
        controller = try ControllerUnderTest(directory, settings)
        producers = Producers(settings, address: controller.address)
        http = HTTPClient(base: "http://\(controller.address)", concurrency: 16)
        admin = HTTPClient(
            base: "http://glo", unixSocketPath: "\(directory.state)/\(AdminPath.socketName)", concurrency: 4)
    }

    /// Makes the run and its report; nothing is left of it but what `keepsDirectory` asks for.
    static func run(_ settings: ChaosSettings, say: @escaping @Sendable (String) -> Void) async throws -> Report {
        if settings.isolation == .docker { try await Docker.require() }
        let clock = ContinuousClock()
        let began = clock.now
        let directory = try ChaosDirectory()
        defer { if !settings.keepsDirectory { directory.remove() } }
        if settings.keepsDirectory { say("everything is in \(directory.path)") }
        let run = try ChaosRun(settings, directory, say: say)
        var evidence: Evidence
        do {
            try await Preparation.lay(directory, settings)
            evidence = try await run.gather()
        } catch {
            // Not cut short when it is this task that was cancelled.
            await Task.detached { await run.cleanUp() }.value
            throw TestFailure("\(error)\n--- the end of the controller's log:\n\(run.logTail)")
        }
        await run.cleanUp()
        evidence.directory = settings.keepsDirectory ? directory.path : nil
        return Report(settings, evidence, seconds: (clock.now - began) / .seconds(1))
    }

    private func gather() async throws -> Evidence {
        let watch = Task { if settings.isolation == .docker { await ledgers.watch() } }
        defer { watch.cancel() }
        try await controller.start()
        try await eventually("the controller is ready", seconds: 120) {
            let ends = await self.controller.unexpectedEnds
            guard ends.isEmpty else { throw TestFailure("the controller ended with \(ends[0]) before it was ready") }
            return (try? await self.http.get("/_/ready", seconds: 2))?.status == 200
        }
        let killer = Killer(directory, controller, admin: admin, seed: settings.seed)
        let kills = try await load(killer)
        say("all \(producers.acceptedCount) events are accepted; waiting until the queues are empty")
        let states = FinalStates(http: http, admin: admin)
        if try await !states.waitUntilEmpty(seconds: settings.drainSeconds) {
            say("the queues are not empty after \(Int(settings.drainSeconds)) s")
        }
        say("asking for the state of each event")
        let accepted = producers.accepted
        let final = try await states.ask(accepted.map(\.id))
        var ends = await controller.unexpectedEnds
        // A clean stop is part of what is promised.
        let code = await controller.stop()
        if code != 0 { ends.append(code ?? -SIGKILL) }
        return Evidence(
            accepted: accepted, states: final, ledger: ledger(), kills: kills, unexpectedEnds: ends,
            answers: producers.answers)
    }

    /// Sends the events and makes the kills. The kills that were made.
    private func load(_ killer: Killer) async throws -> [KillRecord] {
        let plan = KillSchedule.make(counts: settings.kills, events: settings.events, seed: settings.seed)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.producers.run() }
            group.addTask { try await killer.run(plan, self.producers) }
            group.addTask { await self.tellProgress(killer) }
            try await group.waitForAll()
        }
        return await killer.records
    }

    private func tellProgress(_ killer: Killer) async {
        while !producers.isOver {
            do { try await Task.sleep(for: .seconds(10)) } catch { return }
            say("\(producers.acceptedCount) accepted, \(await killer.records.count) kills")
        }
    }

    private func ledger() -> Ledger {
        switch settings.isolation {
        case .process: Ledger(Array(FileManager.default.contents(atPath: directory.ledger) ?? Data()))
        case .docker: Ledger(of: ledgers.contents)
        }
    }

    private var logTail: String {
        let text = String(decoding: FileManager.default.contents(atPath: directory.log) ?? Data(), as: UTF8.self)
        return text.split(separator: "\n").suffix(40).joined(separator: "\n")
    }

    /// Ends what may still run, the controller first.
    private func cleanUp() async {
        _ = await controller.stop()
        while let record = RedisUnderTest(state: directory.state).kill() {
            try? await eventually("Redis has ended") { !HostProcess.isAlive(record.pid) }
        }
        if let label = directory.label, settings.isolation == .docker { try? await Docker.remove(label: label) }
    }
}
