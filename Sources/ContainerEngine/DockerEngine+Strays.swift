import CurlClient
import Synchronization
import TextForms

extension DockerEngine {
    /// Containers removed at once; the engine does little more in parallel.
    private static let parallelRemovals = 4

    package func removeStrays(
        namespace: String, keepingBoot: String, progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> Int {
        let strays = try await list(namespace).compactMap { self.stray($0, keepingBoot: keepingBoot) }
        guard !strays.isEmpty else { return 0 }
        progress("removing \(strays.count) containers of an earlier run")
        let outcome = await remove(strays)
        guard outcome.removed < strays.count, let error = outcome.error else { return outcome.removed }
        throw error
    }

    /// Removes a container, or leaves it to later when the engine does not answer.
    func abandon(_ id: ContainerID) async {
        pending.withLock { _ = $0.abandoned.insert(id) }
        guard isAvailable else { return }
        // The caller may be cancelled, which must not leave a container behind.
        await Task { try? await self.remove(id) }.value
    }

    /// Removes in the background what could not be removed before; for moments when the engine has just answered.
    func sweepAbandoned() {
        let ids = pending.withLock { pending -> Set<ContainerID> in
            guard !pending.isSweeping else { return [] }
            let ids = pending.abandoned.subtracting(pending.starting)
            pending.isSweeping = !ids.isEmpty
            return ids
        }
        guard !ids.isEmpty else { return }
        Task {
            for id in ids {
                guard (try? await delete(id.rawValue, force: true)) != nil else { break }
                pending.withLock { _ = $0.abandoned.remove(id) }
            }
            pending.withLock { $0.isSweeping = false }
        }
    }

    /// A container to remove.
    private struct Stray: Sendable {
        var engineID: String
        var name: ContainerID
        /// Also when it runs.
        var force: Bool
    }

    private func list(_ namespace: String) async throws(EngineError) -> [EngineMessages.ListedContainer] {
        let filters = try EngineJSON.encode(["label": ["\(ContainerLabels.namespaceKey)=\(namespace)"]])
        let query = PercentEncoding.encode(String(decoding: filters, as: UTF8.self))
        let response = try await call(EngineCall(path: "/containers/json?all=1&filters=\(query)"), "the containers")
        return try EngineJSON.decode([EngineMessages.ListedContainer].self, from: response.body)
            // Not every engine filters alike, and what is removed here is gone.
            .filter { $0.labels?[ContainerLabels.namespaceKey] == namespace }
    }

    private func stray(_ container: EngineMessages.ListedContainer, keepingBoot: String) -> Stray? {
        guard let boot = container.labels?[ContainerLabels.bootKey] else { return nil }
        let name = ContainerID(String((container.names?.first ?? container.id).drop { $0 == "/" }))
        if boot != keepingBoot { return Stray(engineID: container.id, name: name, force: true) }
        if pending.withLock({ $0.abandoned.contains(name) }) {
            return Stray(engineID: container.id, name: name, force: true)
        }
        guard container.state == "created" || container.state == "dead" else { return nil }
        // Not by force: should it have been started since the list was made, it runs, and the engine refuses.
        return Stray(engineID: container.id, name: name, force: false)
    }

    private func remove(_ strays: [Stray]) async -> (removed: Int, error: EngineError?) {
        await withTaskGroup(of: EngineError?.self) { group in
            var rest = strays[...]
            var removed = 0
            var failure: EngineError?
            for stray in rest.prefix(Self.parallelRemovals) { group.addTask { await self.remove(stray) } }
            rest = rest.dropFirst(Self.parallelRemovals)
            for await error in group {
                if let error { failure = error } else { removed += 1 }
                if let next = rest.popFirst() { group.addTask { await self.remove(next) } }
            }
            return (removed, failure)
        }
    }

    private func remove(_ stray: Stray) async -> EngineError? {
        // Looked at last: one that is being started now is nobody's stray.
        guard !pending.withLock({ $0.starting.contains(stray.name) }) else { return nil }
        do throws(EngineError) {
            try await delete(stray.engineID, force: stray.force)
            pending.withLock { _ = $0.abandoned.remove(stray.name) }
            return nil
        } catch {
            return error
        }
    }
}
