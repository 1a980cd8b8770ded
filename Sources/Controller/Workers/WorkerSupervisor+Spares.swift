import ContainerEngine
import DispatchCore
import FunctionModel
import Logging

/// Containers that are started before a worker needs one.
extension WorkerSupervisor {
    /// Containers of this version's kind will be needed.
    func expect(_ version: FunctionVersion) {
        // An image is pulled when it is first needed, not when a file is dropped.
        guard version.manifest.image == nil else { return }
        plan.touch(SandboxKey(image: nil, limits: version.manifest.limits, network: version.manifest.network))
        tendSpares()
    }

    func takeSpare(_ key: SandboxKey) -> Sandbox? {
        while let spare = spares[key]?.popLast() {
            plan.removed(key)
            if spare.isAlive { return spare }
            Task { await discard(spare) }
        }
        return nil
    }

    /// Makes the spares that are missing and drops those that are too many. Starts that somebody waits for go before.
    func tendSpares() {
        guard !isStopping, starting.isEmpty else { return }
        for key in plan.surplus {
            guard let spare = spares[key]?.popLast() else { continue }
            plan.removed(key)
            Task { await discard(spare) }
        }
        // One at a time: a start takes a core for a third of a second.
        guard sparesInTheMaking == 0, let key = plan.missing.first, memoryLine.reserve(key.memoryBytes) else { return }
        plan.added(key)
        sparesInTheMaking += 1
        Task { await makeSpare(key) }
    }

    private func makeSpare(_ key: SandboxKey) async {
        do throws(EngineError) {
            let sandbox = try await makeSandbox(key)
            sparesInTheMaking -= 1
            guard !isStopping else { return await discard(sandbox) }
            spares[key, default: []].append(sandbox)
            tendSpares()
        } catch {
            sparesInTheMaking -= 1
            plan.removed(key)
            memoryLine.giveBack(key.memoryBytes)
            serveLine()
            // The next start, deployment or trial tries again; a loop here would only feed a sick engine.
            logger.warning("A spare container could not be started", metadata: ["reason": "\(error)"])
        }
    }

    func spareClosed(_ sandbox: Sandbox) async {
        guard let index = spares[sandbox.key]?.firstIndex(where: { $0 === sandbox }) else { return }
        spares[sandbox.key]?.remove(at: index)
        plan.removed(sandbox.key)
        await discard(sandbox)
        tendSpares()
    }

    /// When there is no memory for a container of this kind, spares of others give up theirs.
    func giveUpSpares(for key: SandboxKey) {
        guard memoryLine.waitingCount > 0 || memoryLine.budget.freeBytes < key.memoryBytes else { return }
        let dropped = spares.filter { $0.key != key }.flatMap(\.value)
        spares = spares.filter { $0.key == key }
        for sandbox in dropped {
            plan.removed(sandbox.key)
            announceEnd(of: sandbox)
            Task { await discard(sandbox) }
        }
    }

    // MARK: Trials

    /// An engine that failed is tried again after a while, though nobody needs a container: who balances load sends no
    /// calls to a server that is not ready.
    func scheduleTrial() {
        guard trial == nil, !isStopping, let pause = condition.pauseUntilTrialMilliseconds else { return }
        trial = Task {
            guard (try? await Task.sleep(for: .milliseconds(pause))) != nil else { return }
            await makeTrial()
        }
    }

    private func makeTrial() async {
        trial = nil
        guard !isStopping, condition.pauseUntilTrialMilliseconds != nil else { return }
        let key = plan.missing.first ?? SandboxKey(image: nil, limits: Limits(), network: .none)
        // Starts that are under way are trials themselves.
        guard starting.isEmpty, sparesInTheMaking == 0, memoryLine.reserve(key.memoryBytes) else {
            return scheduleTrial()
        }
        plan.added(key)
        sparesInTheMaking += 1
        await makeSpare(key)
    }
}
