import FunctionModel

extension CatalogMachine {
    /// The content of the directory is this version: it serves, unless a rollback or a failed start says otherwise.
    mutating func select(_ record: VersionRecord, _ source: VersionIndex.Source, of name: FunctionName)
        -> [Action]
    {
        guard var function = functions[name] else { return [] }
        let isFirst = entries[source.entry]?.isFresh ?? false
        let isSameContent = function.index.source?.hash == source.hash
        let before = function.index
        entries[source.entry]?.problems = []
        function.entry = source.entry
        function.index.source = source
        if function.index.pin?.sourceHash != source.hash { function.index.pin = nil }
        function.index.removedAtMilliseconds = nil
        var wanted = function.index.pin?.number ?? record.number
        if let failure = function.index.failure {
            let isKnownBad = isFirst && isSameContent && failure.number == wanted
            if isKnownBad, let current = function.index.current, current != wanted {
                // After a restart the function is up at once; the next change of the file is a new try.
                wanted = current
            } else if failure.number != wanted {
                function.index.failure = nil
            }
        }
        functions[name] = function
        let saved: [Action] = function.index == before ? [] : [.save(name)]
        return saved + offer(wanted, of: name)
    }

    /// Gives the controller a version, when it does not have it already.
    mutating func offer(_ number: Int, of name: FunctionName) -> [Action] {
        guard var function = functions[name], function.candidate != number else { return [] }
        if function.serving == number {
            guard function.candidate != nil else { return [] }
            function.candidate = nil
        } else {
            function.candidate = number
        }
        functions[name] = function
        return [.candidate(name, number: number)]
    }

    /// The controller serves with this version.
    mutating func activated(_ name: FunctionName, _ number: Int) -> [Action] {
        guard var function = functions[name], function.entry != nil, function.index.record(number) != nil else {
            return []
        }
        let before = function.index
        if function.candidate == number { function.candidate = nil }
        function.serving = number
        if function.index.current != number {
            function.index.previous = function.index.current
            function.index.current = number
        }
        if function.index.failure?.number == number { function.index.failure = nil }
        functions[name] = function
        return function.index == before ? [] : [.save(name)]
    }

    /// The controller cannot start this version. The last good one goes on, and is offered again when none serves.
    mutating func activationFailed(_ name: FunctionName, _ number: Int, reason: String) -> [Action] {
        guard var function = functions[name], function.entry != nil else { return [] }
        guard function.candidate == number || function.serving == number else { return [] }
        if function.candidate == number { function.candidate = nil }
        if function.serving == number { function.serving = nil }
        function.index.failure = VersionIndex.Failure(number: number, reason: reason)
        if function.index.pin?.number == number { function.index.pin = nil }
        let good = [function.index.current, function.index.previous].compactMap(\.self).filter { $0 != number }
        function.index.current = good.first
        function.index.previous = good.dropFirst().first
        functions[name] = function
        guard function.serving == nil && function.candidate == nil, let last = good.first else { return [.save(name)] }
        return [.save(name)] + offer(last, of: name)
    }

    /// Goes back to an older version, by default the one before; the file's next change ends it.
    mutating func rollback(_ name: FunctionName, to number: Int?) throws(CatalogError) -> (number: Int, [Action]) {
        guard var function = functions[name], let entry = function.entry else {
            throw CatalogError(.functionNotFound, "there is no function '\(name)'")
        }
        let now = function.candidate ?? function.serving ?? function.index.current
        let older = function.index.versions.last { $0.number < now ?? .max }?.number
        guard let target = number ?? function.index.previous.flatMap({ $0 == now ? nil : $0 }) ?? older else {
            throw CatalogError(.versionNotFound, "'\(name)' has no version before the one that serves")
        }
        guard function.index.record(target) != nil else {
            let known = function.index.versions.map { "\($0.number)" }.joined(separator: ", ")
            throw CatalogError(
                .versionNotFound, "'\(name)' has no version \(target)",
                hint: "there are \(known.isEmpty ? "none" : known)")
        }
        guard target != now else {
            throw CatalogError(.alreadyCurrent, "version \(target) of '\(name)' serves already")
        }
        let isSourceGood = entries[entry]?.problems.isEmpty ?? true
        let sourceHash = isSourceGood ? function.index.source?.hash : nil
        let isSource = sourceHash != nil && function.index.record(target)?.hash == sourceHash
        function.index.pin = isSource ? nil : VersionIndex.Pin(number: target, sourceHash: sourceHash)
        function.index.failure = nil
        functions[name] = function
        return (target, [.save(name)] + offer(target, of: name))
    }

    /// Functions that are no more and whose versions have been kept for long enough. It also notes which have gone since
    /// it was asked last.
    /// - Returns: those to forget, and those whose index has changed.
    mutating func removedFunctions(
        unixMilliseconds now: Int64, _ configuration: CatalogConfiguration, inUse: Set<FunctionName>
    ) -> (expired: [FunctionName], noted: [FunctionName]) {
        guard isScanned else { return ([], []) }
        var noted: [FunctionName] = []
        var gone: [(name: FunctionName, milliseconds: Int64)] = []
        for (name, function) in functions where function.entry == nil && !inUse.contains(name) {
            guard function.serving == nil && function.candidate == nil else { continue }
            // A clock that went back must not keep them for ever.
            guard let since = function.index.removedAtMilliseconds, since <= now else {
                functions[name]?.index.removedAtMilliseconds = now
                noted.append(name)
                continue
            }
            gone.append((name, now - since))
        }
        gone.sort { ($0.milliseconds, $0.name) < ($1.milliseconds, $1.name) }
        let expired = gone.enumerated().filter { place, removed in
            let limit =
                place < configuration.keptRemovedFunctions
                ? configuration.keptRemovedMilliseconds : configuration.crowdedRemovedMilliseconds
            return removed.milliseconds >= limit
        }
        return (expired.map(\.element.name), noted)
    }

    /// Forgets a function that is no more, numbers and all.
    mutating func drop(_ name: FunctionName) {
        guard functions[name]?.entry == nil else { return }
        functions[name] = nil
    }

    /// Takes versions out of the index; their files may then be removed.
    mutating func collect(_ name: FunctionName, keeping count: Int, inUse: Set<Int>) -> [VersionRecord] {
        guard var function = functions[name] else { return [] }
        let held = Set([function.serving, function.candidate].compactMap(\.self))
        let old = function.index.collectable(keeping: count, inUse: inUse.union(held))
        function.index.versions.removeAll { old.contains($0) }
        functions[name] = function
        return old
    }
}
