package import FunctionModel
import Glibc
import Logging

extension FunctionCatalog {
    /// What is wrong with the stored files of a version; nil when they are what was deployed. They are read once in a
    /// run of the controller, not on the caller's thread.
    package nonisolated func problem(of version: FunctionVersion) async -> String? {
        let reference = VersionReference(version)
        if checks.isGood(reference) { return nil }
        return await checks.problem(of: reference, hash: version.contentHash)
    }

    /// Checks the versions that are named by something, so that no worker has to wait for it.
    package func lookAhead() {
        for (name, function) in machine.functions {
            let store = store
            checks.later { [weak self] in
                guard !store.hasGoodBackup(name) else { return }
                Task { await self?.saveAgain(name) }
            }
            let named = function.index.named
            for record in function.index.versions where named.contains(record.number) {
                checks.lookAhead(VersionReference(function: name, number: record.number), hash: record.hash)
            }
        }
    }

    /// The index's copy is not what it should be.
    private func saveAgain(_ name: FunctionName) {
        guard machine.functions[name] != nil else { return }
        logger.warning(
            "the copy of the index of a function's versions was damaged, and is made anew",
            metadata: ["function": "\(name)", "path": "\(VersionStore.backupName)"])
        unsaved.insert(name)
        flush()
    }

    /// Versions whose stored files are not what was deployed, and that could not be made anew.
    package func damage() -> [StoreDamage] { machine.damage }

    /// A version that somebody wants to use from now on: its files are there, and not known to be damaged.
    func presentVersion(_ name: FunctionName, _ number: Int) throws(CatalogError) -> StoredVersion {
        let stored = try version(name, number)
        var problem = machine.functions[name]?.damaged[number]
        if problem == nil, access(stored.version.filesPath, F_OK) != 0 { problem = "its stored copy is gone" }
        guard let problem else { return stored }
        throw CatalogError(
            .stateDamaged, "version \(number) of '\(name)' is damaged: \(problem)",
            hint: "choose another one, or put the state directory back")
    }

    /// A check found damage: what lies in the functions directory may mend it.
    func note(_ damage: StoreDamage) {
        logger.error(
            "the stored copy of a version is damaged; its handler does not start until it is made anew",
            metadata: [
                "function": "\(damage.version.function)", "version": "\(damage.version.number)",
                "reason": "\(damage.reason)",
            ])
        let (name, number) = (damage.version.function, damage.version.number)
        perform(machine.damaged(name, number, reason: damage.reason))
        if machine.isHopeless(number, of: name) {
            perform(machine.activationFailed(name, number, reason: damage.reason))
        }
        flush()
    }

    /// Puts a copy of what lies in the functions directory in the place of a damaged one.
    func restore(_ staged: StagedFunction, _ record: VersionRecord, _ name: FunctionName) {
        let reference = VersionReference(function: name, number: record.number)
        do throws(SystemCallError) {
            try store.adopt(staged, as: record, of: name)
        } catch {
            store.discard(staged.path)
            machine.restoreFailed(name, record.number, reason: "it could not be made anew: \(error)")
            return
        }
        checks.accept(reference)
        logger.notice(
            "a damaged version was made anew of what lies in the functions directory",
            metadata: ["function": "\(name)", "version": "\(record.number)"])
    }
}
