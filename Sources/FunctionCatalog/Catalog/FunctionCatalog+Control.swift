package import FunctionModel
import Logging

extension FunctionCatalog {
    /// The controller serves with this version from now on.
    package func activated(_ version: FunctionVersion) {
        perform(machine.activated(version.name, version.number))
        flushSoon()
    }

    /// This version cannot start, for reasons of its own (not because the engine is away). The last good version stays,
    /// or is proposed again when none serves; it also may be said of a version that served already.
    package func activationFailed(_ version: FunctionVersion, reason: String) {
        perform(machine.activationFailed(version.name, version.number, reason: reason))
        flush()
    }

    /// Proposes an older version, by default the one before, and holds it until the file in the directory changes.
    package func rollback(_ name: FunctionName, to number: Int?) throws(CatalogError) -> FunctionVersion {
        // Looked at before anything is changed: a version whose files are gone is refused.
        var trial = machine
        let target = try trial.rollback(name, to: number).number
        let stored = try presentVersion(name, target)
        perform(try machine.rollback(name, to: number).1)
        flush()
        return stored.version
    }

    /// Everything in the directory that is not passed over, by name.
    package func list() -> [CatalogEntry] {
        machine.entries.map { entry($0.key, $0.value) }.sorted { ($0.name, $0.file) < ($1.name, $1.file) }
    }

    /// One function; nil when there is none of this name.
    package func entry(_ name: FunctionName) -> CatalogEntry? {
        if let file = machine.functions[name]?.entry, let state = machine.entries[file] { return entry(file, state) }
        // What was never accepted is no function yet; what is wrong with it is told under its name all the same.
        return list().first { $0.name == name.rawValue }
    }

    private func entry(_ file: String, _ state: CatalogMachine.Entry) -> CatalogEntry {
        let function = state.name.flatMap { machine.functions[$0] }.flatMap { $0.entry == file ? $0 : nil }
        let name = state.name
        let current = name.flatMap { name in function?.serving.flatMap { try? version(name, $0) } }
        let candidate = name.flatMap { name in function?.candidate.flatMap { try? version(name, $0) } }
        var entry = CatalogEntry(
            name: name?.rawValue ?? file, file: file, state: .active, current: current?.version,
            candidate: candidate?.version, problems: state.problems,
            warnings: (candidate ?? current)?.warnings ?? [], isPinned: function?.index.pin != nil)
        let damage = name.flatMap { machine.functions[$0] }?.damage(of: (candidate ?? current)?.version.number)
        if state.phase != .rested && !state.isRetried {
            entry.state = .copying
            entry.problems = waiting(file, state)
        } else if !state.problems.isEmpty {
            entry.state = .rejected
        } else if let damage {
            entry.state = .failed
            entry.problems = [
                CatalogProblem(
                    .stateDamaged, damage, hint: "drop the function again, or put the state directory back", path: file)
            ]
        } else if let failure = function?.index.failure, failure.number != function?.candidate {
            entry.state = .failed
            entry.problems = [
                CatalogProblem(
                    .activationFailed, "version \(failure.number) could not start: \(failure.reason)",
                    hint: current.map { "version \($0.version.number) serves" }, path: file)
            ]
        } else if function?.serving == nil || function?.candidate != nil {
            entry.state = .starting
        }
        return entry
    }

    /// Why what is being copied is not taken yet, when that takes long.
    private func waiting(_ file: String, _ state: CatalogMachine.Entry) -> [CatalogProblem] {
        let now = clock.now()
        guard let unrest = state.unrest, state.obstacle != nil || unrest.isLong(at: now) else { return [] }
        return [state.waiting(file, since: unrest, at: now)]
    }

    /// What keeps the catalogue from its work, in sentences: somebody should be called.
    package func troubles() -> [String] {
        var troubles = health.troubles(configuration)
        let unstored = machine.entries.filter { $0.value.problems.contains { $0.code == .storeFailed } }
        if let (file, state) = unstored.min(by: { $0.key < $1.key }), let problem = state.problems.first {
            let more = unstored.count > 1 ? " (and \(unstored.count - 1) more)" : ""
            troubles.append("\(file)\(more) cannot be deployed, and is tried again: \(problem.message)")
        }
        return troubles
    }

    /// What the operator should look at.
    package func remarks() -> [String] {
        let now = clock.now()
        let waiting = machine.entries.compactMap { file, state -> String? in
            guard state.phase != .rested, let unrest = state.unrest, unrest.isLong(at: now) else { return nil }
            return "\(file) is not taken yet: \(state.waiting(file, since: unrest, at: now))"
        }
        return waiting.sorted() + health.remarks
    }

    /// The stored versions of a function, by number; also of one that is no longer in the directory.
    package func versions(of name: FunctionName) throws(CatalogError) -> [FunctionVersion] {
        guard let function = machine.functions[name], !function.index.versions.isEmpty else {
            throw CatalogError(.functionNotFound, "there is no function '\(name)'")
        }
        return function.index.versions.compactMap { try? store.version($0, of: name).version }
    }

    /// Removes old versions beyond the kept ones, unless they serve, may be gone back to, or are in use.
    /// - Returns: what was removed.
    @discardableResult
    package func collect(inUse: Set<VersionReference>) -> [VersionReference] {
        var removed: [VersionReference] = []
        let used = Dictionary(grouping: inUse, by: \.function).mapValues { Set($0.map(\.number)) }
        for name in machine.functions.keys {
            let old = machine.collect(name, keeping: configuration.keptVersions, inUse: used[name] ?? [])
            guard !old.isEmpty else { continue }
            unsaved.insert(name)
            for record in old {
                do throws(SystemCallError) {
                    try store.remove(record, of: name)
                } catch {
                    // The next start removes what the index does not name.
                    logger.warning(
                        "an old version cannot be removed",
                        metadata: ["function": "\(name)", "version": "\(record.number)", "reason": "\(error)"])
                }
                let reference = VersionReference(function: name, number: record.number)
                forget(reference)
                removed.append(reference)
            }
        }
        removeFunctions(inUse: Set(used.keys))
        flush()
        return removed
    }

    /// Removes what is left of functions that have been gone for long.
    private func removeFunctions(inUse: Set<FunctionName>) {
        let (expired, noted) = machine.removedFunctions(
            unixMilliseconds: clock.unixMilliseconds(), configuration, inUse: inUse)
        unsaved.formUnion(noted)
        for name in expired {
            do throws(SystemCallError) {
                try store.removeAll(of: name)
                for record in machine.functions[name]?.index.versions ?? [] {
                    forget(VersionReference(function: name, number: record.number))
                }
                machine.drop(name)
                unsaved.remove(name)
            } catch {
                logger.warning(
                    "versions of a function that is gone cannot be removed",
                    metadata: ["function": "\(name)", "reason": "\(error)"])
            }
        }
        if !expired.isEmpty {
            logger.info(
                "Removed the versions of functions that have been gone for long",
                metadata: ["count": "\(expired.count)"])
        }
    }

    /// All functions that are there or whose versions are kept.
    package func knownNames() -> Set<FunctionName> { Set(machine.functions.keys) }
}
