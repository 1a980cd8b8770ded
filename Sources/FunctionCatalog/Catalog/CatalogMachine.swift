import FunctionModel

/// Decides what the catalogue does: when an entry is looked at, what becomes a version, which version shall serve.
///
/// An entry (a name in the functions directory) goes settling → staging → rested, and back to settling with each
/// change; ``Unrest`` says for how long. What the state directory could not take is tried again by itself. A function has
/// what its index remembers, a version that serves and perhaps a candidate. Nothing here touches a disk.
struct CatalogMachine {
    struct Entry {
        enum Phase: Hashable {
            /// Waits until nothing has changed for a while.
            case settling(deadline: MonotonicTime)
            /// Is looked at; `isDirty` when it changed meanwhile.
            case staging(isDirty: Bool)
            case rested
        }

        var phase: Phase
        /// The function it stands for, as the last look told.
        var name: FunctionName?
        var problems: [CatalogProblem] = []
        /// Looks in a row that found somebody writing.
        var restless = 0
        /// Since it has begun to change; nil when it rests.
        var unrest: Unrest?
        /// Why it cannot be taken yet, as the last look told.
        var obstacle: CatalogProblem?
        /// Whether the look that is going on takes files that do not rest.
        var isDespite = false
        /// It came in one step, and nothing was written to it since.
        var isWhole = false
        /// Until when changes are those of our own writer, which writes in one step.
        var ownUntil: MonotonicTime?
        /// When it is tried again, since the failure was not its own.
        var retry: MonotonicTime?
        var retries = 0
        /// What was told of it last.
        var told: [CatalogProblem] = []
        /// Nothing has been decided about it in this run.
        var isFresh: Bool
    }

    struct Function {
        var index: VersionIndex
        /// The entry that it comes from; nil when there is none.
        var entry: String?
        /// The version that the controller confirmed in this run.
        var serving: Int?
        /// The version that the controller has been given and not yet answered for.
        var candidate: Int?
        /// Versions whose stored copies are not what was deployed, and what is wrong with them.
        var damaged: [Int: String] = [:]

        init(index: VersionIndex) { self.index = index }
    }

    enum Action: Sendable {
        /// Look at the entry.
        case stage(entry: String, knownFingerprint: String?, StagingJob.Look)
        /// Make the copy a version. When that fails, the actions after it are void.
        case adopt(StagedFunction, VersionRecord, FunctionName)
        /// Put the copy in the place of the version's own, which is damaged.
        case restore(StagedFunction, VersionRecord, FunctionName)
        /// The copy is not needed.
        case discard(path: String)
        case save(FunctionName)
        case candidate(FunctionName, number: Int)
        case removed(FunctionName)
        case rejected(name: String, [CatalogProblem])
        /// It has been changing for so long that somebody should know.
        case waiting(name: String, CatalogProblem)
        case scanned
    }

    /// The longest pause between two looks at an entry that somebody keeps open.
    static let longestPauseMilliseconds = 5000
    /// The pause before what could not be stored is tried again, at first and at most.
    static let firstRetryMilliseconds = 1000
    static let longestRetryMilliseconds = 15_000

    let settleMilliseconds: Int
    var entries: [String: Entry] = [:]
    var functions: [FunctionName: Function] = [:]
    /// Entries of the first scan without a decision; nil when the first scan has not begun.
    private var awaited: Set<String>?
    private(set) var isScanned = false
    /// Which of several entries of the first scan may have a name.
    private var preferred: [FunctionName: String] = [:]

    init(indexes: [FunctionName: VersionIndex], settleMilliseconds: Int) {
        self.settleMilliseconds = settleMilliseconds
        functions = indexes.mapValues(Function.init)
    }

    // MARK: Changes

    /// All names that are in the directory now.
    mutating func scan(_ present: [String], now: MonotonicTime) -> [Action] {
        let names = present.filter { !DropInName.isIgnored($0) }.sorted()
        guard awaited != nil else { return firstScan(names) }
        changed(Set(names).union(entries.keys), now: now)
        return []
    }

    private mutating func firstScan(_ names: [String]) -> [Action] {
        awaited = Set(names)
        for entry in names {
            entries[entry] = Entry(phase: .staging(isDirty: false), isFresh: true)
            guard let name = Self.possibleName(entry) else { continue }
            if functions[name]?.index.source?.entry == entry || preferred[name] == nil { preferred[name] = entry }
        }
        let looks = names.map {
            Action.stage(entry: $0, knownFingerprint: fingerprint(of: $0), StagingJob.Look(isFirst: true))
        }
        return looks + decided(nil)
    }

    /// Something changed in or below these entries.
    mutating func changed(_ names: Set<String>, now: MonotonicTime) {
        for name in names { changed(name, [], now: now) }
    }

    mutating func changed(_ changes: [String: EntryChange], now: MonotonicTime) {
        for (name, change) in changes { changed(name, change, now: now) }
    }

    private mutating func changed(_ name: String, _ change: EntryChange, now: MonotonicTime) {
        guard !DropInName.isIgnored(name) else { return }
        var entry = entries[name] ?? Entry(phase: .rested, isFresh: true)
        let isOwn = entry.ownUntil.map { now <= $0 } ?? false
        if change.contains(.movedIn) { entry.isWhole = true }
        if !isOwn && !change.isDisjoint(with: [.written, .inside]) { entry.isWhole = false }
        var unrest = entry.unrest ?? Unrest(at: now, settleMilliseconds: settleMilliseconds)
        unrest.changed(at: now, isInside: change.contains(.inside), isWhole: isOwn || entry.isWhole)
        entry.unrest = unrest
        switch entry.phase {
        case .settling, .rested: entry.phase = .settling(deadline: unrest.deadline)
        case .staging: entry.phase = .staging(isDirty: true)
        }
        entry.restless = 0
        entry.retry = nil
        entry.retries = 0
        entries[name] = entry
    }

    /// The controller itself has put something there, in one step.
    mutating func written(_ name: String, now: MonotonicTime) {
        entries[name, default: Entry(phase: .rested, isFresh: true)].isWhole = true
        entries[name]?.ownUntil = now.advanced(byMilliseconds: settleMilliseconds)
        changed(name, [], now: now)
    }

    /// When ``timer(now:)`` wants to be called; nil when nothing settles.
    var nextDeadline: MonotonicTime? {
        entries.values.reduce(nil) { earliest, entry in
            guard let deadline = entry.deadline else { return earliest }
            return earliest.map { min($0, deadline) } ?? deadline
        }
    }

    mutating func timer(now: MonotonicTime) -> [Action] {
        let due = entries.filter { $0.value.deadline.map { $0 <= now } ?? false }.keys
        return due.sorted().map { name in stage(name, now: now) }
    }

    private mutating func stage(_ name: String, now: MonotonicTime) -> Action {
        var look = StagingJob.Look()
        if var entry = entries[name] {
            look.isWhole = entry.isWhole
            if let unrest = entry.unrest, now < unrest.rest {
                look.isDespite = true
                look.outline = unrest.outline
            }
            entry.isDespite = look.isDespite
            entry.retry = nil
            entry.phase = .staging(isDirty: false)
            entries[name] = entry
        }
        return .stage(entry: name, knownFingerprint: fingerprint(of: name), look)
    }

    /// Looks at an entry that is at rest once more, whatever is known of it.
    mutating func lookAgain(at entry: String) -> [Action] {
        guard entries[entry]?.phase == .rested else { return [] }
        entries[entry]?.phase = .staging(isDirty: false)
        entries[entry]?.isDespite = false
        // It was taken before, so it is whole.
        return [.stage(entry: entry, knownFingerprint: fingerprint(of: entry), StagingJob.Look(isWhole: true))]
    }

    /// Under which fingerprint the entry was accepted last.
    private func fingerprint(of entry: String) -> String? {
        for isDirectory in [false, true] {
            guard case .function(let name) = DropInName.of(entry, isDirectory: isDirectory),
                let function = functions[name], let source = function.index.source, source.entry == entry
            else { continue }
            // Only a copy of what lies there can mend what is damaged.
            let isDamaged = function.index.record(hash: source.hash).map { function.damaged[$0.number] != nil } ?? false
            return isDamaged ? nil : source.fingerprint
        }
        return nil
    }

    // MARK: What a look found

    mutating func staged(
        _ entry: String, _ result: StagingJob.Result, now: MonotonicTime, unixMilliseconds: Int64
    ) -> [Action] {
        guard var state = entries[entry] else { return result.leftover }
        if let name = result.name { state.name = name }
        let isDirty = state.phase != .staging(isDirty: false)
        state.obstacle = result.outcome.obstacle
        if case .moving(let outline) = result.outcome { state.unrest?.looked(at: now, outline: outline) }
        entries[entry] = state
        guard !isDirty || (state.isDespite && result.outcome.isDecided) else {
            return result.leftover + unsettled(entry, now: now, isDirty: true)
        }
        if !result.outcome.isDecided { return unsettled(entry, now: now, isDirty: false) }
        if let name = result.name, result.outcome.isAcceptable, let owner = owner(of: name, except: entry) {
            return result.leftover + conflict(entry, name, owner, now)
        }
        decide(entry, now: now, isDirty: isDirty)
        var actions: [Action]
        switch result.outcome {
        case .unsettled, .busy, .incomplete, .moving, .directoryMissing: actions = []
        case .missing, .ignored: actions = gone(entry, now)
        case .rejected(let problems): actions = reject(entry, problems)
        case .failed(let problems):
            actions = reject(entry, problems)
            tryAgain(entry, now: now)
        case .unchanged: actions = unchanged(entry)
        case .staged(let staged): actions = accept(entry, staged, unixMilliseconds)
        }
        actions += decided(entry)
        return actions
    }

    /// A look has told what lies there: it rests, unless it goes on changing and was taken all the same.
    private mutating func decide(_ entry: String, now: MonotonicTime, isDirty: Bool) {
        guard var state = entries[entry] else { return }
        if state.isDespite, var unrest = state.unrest, isDirty || now < unrest.rest {
            unrest.taken(at: now)
            state.unrest = unrest
            state.phase = .settling(deadline: unrest.deadline)
        } else {
            state.phase = .rested
            state.unrest = nil
        }
        state.restless = 0
        state.isDespite = false
        entries[entry] = state
    }

    /// What failed for want of room or the like is looked at again, ever more seldom.
    private mutating func tryAgain(_ entry: String, now: MonotonicTime) {
        guard var state = entries[entry], state.phase == .rested else { return }
        let pause = min(Self.firstRetryMilliseconds << min(state.retries, 10), Self.longestRetryMilliseconds)
        state.retry = now.advanced(byMilliseconds: pause)
        state.retries += 1
        entries[entry] = state
    }

    private mutating func unsettled(_ entry: String, now: MonotonicTime, isDirty: Bool) -> [Action] {
        guard var state = entries[entry] else { return [] }
        let pause = isDirty ? settleMilliseconds : settleMilliseconds << min(state.restless, 10)
        let limit = max(settleMilliseconds, Self.longestPauseMilliseconds)
        var unrest = state.unrest ?? Unrest(at: now, settleMilliseconds: settleMilliseconds)
        if state.isDespite, unrest.nextLook <= now { unrest.looked(at: now, outline: unrest.outline) }
        let next = now.advanced(byMilliseconds: min(pause, limit))
        if !state.isDespite && !isDirty {
            unrest.pause(until: next)
        } else if unrest.rest <= now {
            unrest.wait(until: next)
        }
        state.restless = isDirty ? 0 : state.restless + 1
        state.isDespite = false
        state.phase = .settling(deadline: unrest.deadline)
        var actions: [Action] = []
        if unrest.isLong(at: now) && !unrest.isTold {
            unrest.isTold = true
            let name = state.name?.rawValue ?? entry
            actions.append(.waiting(name: name, state.waiting(entry, since: unrest, at: now)))
        }
        state.unrest = unrest
        entries[entry] = state
        if let name = state.name { actions += keepServing(name, from: entry) }
        return actions + decided(entry)
    }

    /// The other entry that has this function, or has a better claim at the start.
    private func owner(of name: FunctionName, except entry: String) -> String? {
        if let owner = functions[name]?.entry { return owner == entry ? nil : owner }
        guard !isScanned, let claim = preferred[name], claim != entry, let other = entries[claim] else { return nil }
        // One that turned out to be something else, or no good, has no claim any more.
        return other.isFresh ? claim : nil
    }

    private mutating func conflict(_ entry: String, _ name: FunctionName, _ owner: String, _ now: MonotonicTime)
        -> [Action]
    {
        // The owner may be about to go: a rename is seen as two changes.
        if let other = entries[owner], other.phase != .rested {
            entries[entry]?.phase = .settling(deadline: now.advanced(byMilliseconds: settleMilliseconds))
            return []
        }
        entries[entry]?.phase = .rested
        entries[entry]?.unrest = nil
        let problem = CatalogProblem(
            .nameConflict, "'\(entry)' and '\(owner)' both are the function '\(name)'; '\(owner)' was first",
            hint: "remove or rename one of them", path: entry)
        entries[entry]?.problems = [problem]
        return [.rejected(name: entry, [problem])] + decided(entry)
    }

    private mutating func gone(_ entry: String, _ now: MonotonicTime) -> [Action] {
        let name = entries[entry]?.name ?? Self.possibleName(entry)
        let actions = decided(entry)
        entries[entry] = nil
        guard let name, (functions[name]?.entry ?? entry) == entry else { return actions }
        functions[name]?.entry = nil
        changed(Set(heirs(of: name).filter { entries[$0]?.phase == .rested }), now: now)
        return actions + release(name)
    }

    /// A function without an entry is no more, unless another entry may be about to take it over.
    private mutating func release(_ name: FunctionName) -> [Action] {
        guard let function = functions[name], function.entry == nil, heirs(of: name).isEmpty else { return [] }
        let wasKnown = function.serving != nil || function.candidate != nil || function.index.current != nil
        guard wasKnown else { return [] }
        forget(name)
        return [.save(name), .removed(name)]
    }

    /// Entries of this name, and those that are yet to be looked at whose names could mean it.
    private func heirs(of name: FunctionName) -> [String] {
        entries.compactMap { entry, state in
            let meant = state.name ?? (state.phase == .rested ? nil : Self.possibleName(entry))
            return meant == name ? entry : nil
        }
    }

    /// The function that an entry stands for if it is a file.
    private static func possibleName(_ entry: String) -> FunctionName? {
        guard case .function(let name) = DropInName.of(entry, isDirectory: false) else { return nil }
        return name
    }

    /// A function that is no more starts afresh when it comes again; its versions keep their numbers.
    private mutating func forget(_ name: FunctionName) {
        guard var function = functions[name] else { return }
        function.serving = nil
        function.candidate = nil
        function.index.current = nil
        function.index.previous = nil
        function.index.pin = nil
        function.index.failure = nil
        function.index.names?.clear()
        functions[name] = function
    }

    private mutating func reject(_ entry: String, _ problems: [CatalogProblem]) -> [Action] {
        // A try that fails as the one before is no news.
        let isRepeated = (entries[entry]?.retries ?? 0) > 0 && entries[entry]?.told == problems
        entries[entry]?.problems = problems
        entries[entry]?.told = problems
        let name = entries[entry]?.name
        let rejected = isRepeated ? [] : [Action.rejected(name: name?.rawValue ?? entry, problems)]
        guard let name else { return rejected + (Self.possibleName(entry).map { release($0) } ?? []) }
        return rejected + keepServing(name, from: entry)
    }

    /// What was good before serves on when what lies there now is not to be had.
    private mutating func keepServing(_ name: FunctionName, from entry: String) -> [Action] {
        guard var function = functions[name], function.entry == nil || function.entry == entry else { return [] }
        guard let number = function.index.pin?.number ?? function.index.current else { return [] }
        function.entry = entry
        function.index.removedAtMilliseconds = nil
        functions[name] = function
        guard function.serving == nil && function.candidate == nil else { return [] }
        return offer(number, of: name)
    }

    private mutating func unchanged(_ entry: String) -> [Action] {
        guard let name = entries[entry]?.name, let source = functions[name]?.index.source,
            let record = functions[name]?.index.record(hash: source.hash)
        else { return [] }
        return select(record, source, of: name)
    }

    private mutating func accept(_ entry: String, _ staged: StagedFunction, _ unixMilliseconds: Int64) -> [Action] {
        guard let name = entries[entry]?.name else { return [.discard(path: staged.path)] }
        var function = functions[name] ?? Function(index: VersionIndex(function: name))
        let source = VersionIndex.Source(entry: entry, hash: staged.hash, fingerprint: staged.fingerprint)
        if let record = function.index.record(hash: staged.hash) {
            if function.damaged[record.number] != nil { return restore(staged, record, source, name) }
            // What was left out is no part of the hash.
            function.index.note(staged.notes, of: record.number)
            functions[name] = function
            return [.discard(path: staged.path)] + select(record, source, of: name)
        }
        var record = VersionRecord(
            number: function.index.next, hash: staged.hash, contract: staged.contract.rawValue,
            command: staged.command, createdAtMilliseconds: unixMilliseconds, isDirectory: staged.isDirectory,
            handler: staged.manifest.handler, manifest: staged.manifestText)
        record.notes = staged.notes.isEmpty ? nil : staged.notes.map(VersionRecord.Note.init)
        function.index.next += 1
        function.index.versions.append(record)
        functions[name] = function
        return [.adopt(staged, record, name)] + select(record, source, of: name)
    }

    /// A copy could not be made a version. It is tried again.
    mutating func adoptFailed(_ name: FunctionName, _ number: Int, _ problem: CatalogProblem, now: MonotonicTime)
        -> [Action]
    {
        guard var function = functions[name] else { return [] }
        function.index.versions.removeAll { $0.number == number }
        function.index.source = nil
        if function.candidate == number { function.candidate = nil }
        functions[name] = function
        guard let entry = function.entry else { return [] }
        let actions = reject(entry, [problem])
        tryAgain(entry, now: now)
        return actions
    }

    /// Tells of the end of the first scan, and forgets functions that went while nobody looked.
    private mutating func decided(_ entry: String?) -> [Action] {
        if let entry {
            entries[entry]?.isFresh = false
            awaited?.remove(entry)
        }
        guard !isScanned, awaited?.isEmpty == true else { return [] }
        isScanned = true
        var actions: [Action] = []
        for (name, function) in functions where function.entry == nil && function.index.current != nil {
            forget(name)
            actions.append(.save(name))
        }
        return actions + [.scanned]
    }
}

extension CatalogMachine.Entry {
    /// When something is to be done about it.
    fileprivate var deadline: MonotonicTime? {
        switch phase {
        case .settling(let deadline): deadline
        case .rested: retry
        case .staging: nil
        }
    }

    /// Whether it is being tried again, and what was said of it still holds.
    var isRetried: Bool { retries > 0 && unrest == nil && !problems.isEmpty }

    /// Why it is not taken, for people.
    func waiting(_ file: String, since unrest: Unrest, at now: MonotonicTime) -> CatalogProblem {
        if let obstacle { return obstacle }
        let seconds = now.milliseconds(since: unrest.began) / 1000
        return CatalogProblem(
            .stillChanging, "its files have been changing for \(seconds) s without coming to rest",
            hint: "it is taken as it is when no file comes or goes; write elsewhere what changes all the time",
            path: file)
    }
}
