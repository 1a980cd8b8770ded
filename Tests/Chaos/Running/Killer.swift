import AdminModel
import Foundation
import Glibc
import TestSupport

/// Makes the planned kills when they are due.
actor Killer {
    private let directory: ChaosDirectory
    private let controller: ControllerUnderTest
    private let admin: HTTPClient
    private let redis: RedisUnderTest
    private var generator: SeededGenerator
    private(set) var records: [KillRecord] = []

    init(_ directory: ChaosDirectory, _ controller: ControllerUnderTest, admin: HTTPClient, seed: UInt64) {
        self.directory = directory
        self.controller = controller
        self.admin = admin
        redis = RedisUnderTest(state: directory.state)
        generator = SeededGenerator(seed: ~seed)
    }

    /// Returns when all kills are made, or the producers are done.
    func run(_ plan: [PlannedKill], _ producers: Producers) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for kill in plan {
                while producers.acceptedCount < kill.afterAccepted, !producers.isOver {
                    try await Task.sleep(for: .milliseconds(5))
                }
                if producers.isOver { break }
                try await make(kill.kind, &group)
            }
            try await group.waitForAll()
        }
    }

    private func make(_ kind: KillKind, _ group: inout ThrowingTaskGroup<Void, any Error>) async throws {
        switch kind {
        case .controller:
            try await killController()
        case .powerCut:
            try await cutPower()
        case .redis:
            // It may be about to start after the kill before.
            guard let record = try await patiently({ self.redis.kill() }) else { return }
            records.append(record)
            let index = records.count - 1
            // Other kills go on meanwhile.
            group.addTask { await self.awaitRedis(after: record.pid, index) }
        case .worker:
            if let record = try await patiently({ try await self.killWorker() }) { records.append(record) }
        }
    }

    private func killController() async throws {
        guard var record = try await patiently({ try? await self.controller.kill(as: .controller) }) else { return }
        record.backAt = UnixTime.now()
        try await controller.start()
        records.append(record)
    }

    private func cutPower() async throws {
        // The controller first: it would start a Redis again that is gone.
        guard var record = try await patiently({ try? await self.controller.kill(as: .powerCut) }) else { return }
        while let pid = redis.pid {
            Glibc.kill(pid, SIGKILL)
            while HostProcess.isAlive(pid) { try await Task.sleep(for: .milliseconds(2)) }
        }
        record.bytesCut = try PowerCut(files: "\(directory.state)/redis", notes: directory.synced).cut()
        record.backAt = UnixTime.now()
        try await controller.start()
        records.append(record)
    }

    /// Looks for the successor of a Redis that was killed.
    private func awaitRedis(after pid: Int32, _ index: Int) async {
        for _ in 0..<6_000 {
            if let successor = redis.pid, successor != pid {
                records[index].backAt = UnixTime.now()
                return
            }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Kills one handler that the controller knows of.
    private func killWorker() async throws -> KillRecord? {
        guard let answer = try? await admin.get(AdminPath.workers, seconds: 2), answer.status == 200,
            let workers = try? JSONDecoder().decode([WorkerInfo].self, from: Data(answer.body))
        else { return nil }
        let ours = workers.filter { $0.function == Preparation.function && ["idle", "busy"].contains($0.state) }
        // Those at work first: that is what is to be tested.
        let busy = ours.filter { $0.state == "busy" }
        guard let victim = (busy.isEmpty ? ours : busy).randomElement(using: &generator), let root = victim.pid,
            let pid = handler(from: Int32(root))
        else { return nil }
        let record = KillRecord(kind: .worker, pid: pid, at: UnixTime.now(), backAt: UnixTime.now())
        return Glibc.kill(pid, SIGKILL) == 0 ? record : nil
    }

    /// The handler: the process itself, or a child of it when that is init.
    private func handler(from pid: Int32) -> Int32? {
        if HostProcess.commandLine(pid).contains(Preparation.handler) { return pid }
        let list = FileManager.default.contents(atPath: "/proc/\(pid)/task/\(pid)/children") ?? Data()
        let children = String(decoding: list, as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
        return children.filter { HostProcess.commandLine($0).contains(Preparation.handler) }
            .randomElement(using: &generator)
    }

    /// Tries for ten seconds: after a kill there may be nothing yet to be killed.
    private func patiently(_ attempt: () async throws -> KillRecord?) async throws -> KillRecord? {
        for _ in 0..<400 {
            if let record = try await attempt() { return record }
            try await Task.sleep(for: .milliseconds(25))
        }
        return nil
    }
}
