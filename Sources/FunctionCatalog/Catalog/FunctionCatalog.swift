import FunctionModel
import LinuxSystem
package import Logging

/// What functions there are: it watches the functions directory, checks and copies what is dropped, keeps the versions,
/// and tells the controller which of them shall serve.
///
/// It decides nothing by itself (``CatalogMachine`` does) and carries out what is decided, on a thread of its own.
package actor FunctionCatalog {
    /// What happens, for one reader. It ends when ``run()`` does.
    package nonisolated let events: AsyncStream<CatalogEvent>
    package nonisolated let configuration: CatalogConfiguration

    private nonisolated let executor = SerialQueueExecutor(label: "glo.catalog")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    let logger: Logger
    let clock: CatalogClock
    let store: VersionStore
    /// Whether stored files are what was deployed.
    nonisolated let checks: VersionChecks
    /// What the checks found, for the task that ``run()`` begins.
    private nonisolated let damageFound: AsyncStream<StoreDamage>
    /// Whether all indexes that were to be written at the start have been written.
    package private(set) var isStored = true
    var machine: CatalogMachine
    let continuation: AsyncStream<CatalogEvent>.Continuation
    /// Indexes that are to be written when the actions at hand are done.
    var unsaved: Set<FunctionName> = []
    /// Events that are told when the indexes are written.
    var outbox: [CatalogEvent] = []
    private var isFlushPlanned = false
    private var isFlushRetried = false
    private static let flushRetryMilliseconds = 5_000
    private var cache: [VersionReference: StoredVersion] = [:]
    private var watcher: DirectoryWatcher?
    private var staging: StagingQueue?
    private var stagingNumber: UInt64 = 0
    private var timer: (deadline: MonotonicTime, task: Task<Void, Never>)?
    /// What is wrong with the directories as a whole.
    var health = CatalogHealth()

    package init(configuration: CatalogConfiguration, logger: Logger, clock: CatalogClock = .system) {
        self.configuration = configuration
        self.logger = logger
        self.clock = clock
        let store = VersionStore(stateDirectory: configuration.stateDirectory)
        self.store = store
        let (damageFound, damageIn) = AsyncStream.makeStream(of: StoreDamage.self)
        self.damageFound = damageFound
        checks = VersionChecks(
            check: { store.problem(of: $0, hash: $1) }, onDamage: { damageIn.yield($0) })
        machine = CatalogMachine(indexes: [:], settleMilliseconds: configuration.settleMilliseconds)
        (events, continuation) = AsyncStream.makeStream(of: CatalogEvent.self)
    }

    /// Opens the functions directory and the version store, or says why that cannot be. It is called once.
    package func prepare() throws(CatalogError) {
        try checkFunctionsDirectory()
        try loadIndexes()
        watcher = try makeWatcher()
    }

    /// Works until the task is cancelled. It is called once, after ``prepare()``.
    package func run() async {
        defer { continuation.finish() }
        guard let watcher else { preconditionFailure("run() comes after prepare()") }
        let staging = StagingQueue(width: configuration.stagingWidth) { [weak self] in
            Task { await self?.takeResults() }
        }
        self.staging = staging
        let damage = Task { for await found in damageFound { note(found) } }
        defer { damage.cancel() }
        scan(isFirst: true)
        await withTaskCancellationHandler {
            for await change in watcher.changes { handle(change) }
        } onCancel: {
            watcher.stop()
        }
        staging.cancel()
        self.staging = nil
        timer?.task.cancel()
        timer = nil
        flush()
    }

    /// Looks at an entry again, since the caller knows that it has changed: until it has been looked at, it is `copying`.
    /// - Parameter isWhole: whether it was put there in one step, as ``FunctionWriter`` does.
    package func look(at entry: String, isWhole: Bool = false) {
        if isWhole {
            machine.written(entry, now: clock.now())
        } else {
            machine.changed([entry], now: clock.now())
        }
        armTimer()
    }

    /// Looks at everything again, as when events were lost.
    package func rescan() { scan(isFirst: false) }

    private func checkFunctionsDirectory() throws(CatalogError) {
        let path = configuration.functionsDirectory
        do throws(SystemCallError) {
            let directory = try FileDescriptor.directory(path)
            guard try directory.status(path).isWritableByEverybody else { return }
            logger.warning(
                "everybody may write the functions directory, and so run what they like; chmod go-w",
                metadata: ["path": "\(path)"])
        } catch {
            throw CatalogError(
                .functionsDirectoryUnusable, "the functions directory cannot be opened: \(error)",
                hint: "make it, or name another one")
        }
    }

    private func makeWatcher() throws(CatalogError) -> DirectoryWatcher {
        let watcher: DirectoryWatcher
        do throws(SystemCallError) {
            watcher = try DirectoryWatcher(root: configuration.functionsDirectory)
        } catch {
            throw CatalogError(
                .watcherUnavailable, "the functions directory cannot be watched: \(error)",
                hint: "raise fs.inotify.max_user_instances")
        }
        guard watcher.isWatching else {
            throw CatalogError(
                .watcherUnavailable, "the functions directory cannot be watched",
                hint: "raise fs.inotify.max_user_watches")
        }
        return watcher
    }

    private func loadIndexes() throws(CatalogError) {
        do throws(SystemCallError) {
            try store.prepare()
            var indexes: [FunctionName: VersionIndex] = [:]
            var damage: [StoreDamage] = []
            for name in try store.names() {
                let loaded = try store.load(name, machine: configuration.hostArchitecture)
                tell(of: loaded, name)
                indexes[name] = loaded.index
                damage += loaded.damage
                if loaded.needsSave { unsaved.insert(name) }
            }
            machine = CatalogMachine(indexes: indexes, settleMilliseconds: configuration.settleMilliseconds)
            for found in damage {
                _ = machine.damaged(found.version.function, found.version.number, reason: found.reason)
                checks.reject(found)
            }
            flush()
        } catch {
            throw CatalogError(
                .stateDirectoryUnusable, "the version store in the state directory cannot be used: \(error)",
                hint: "the controller's user needs to own \(store.root)")
        }
    }

    /// What became of a function's index.
    private func tell(of loaded: VersionStore.Loaded, _ name: FunctionName) {
        switch loaded.origin {
        case .index, .olderIndex: break
        case .backup(let reason):
            logger.warning(
                "the index of a function's versions was damaged; its copy has taken its place",
                metadata: ["function": "\(name)", "reason": "\(reason)"])
        case .rebuilt(let reason):
            logger.warning(
                "the index of a function's versions was made anew; aliases, numbers and a rollback are gone",
                metadata: ["function": "\(name)", "reason": "\(reason)", "versions": "\(loaded.index.versions.count)"])
        }
        for number in loaded.lost {
            logger.warning(
                "the stored copy of an old version is gone", metadata: ["function": "\(name)", "version": "\(number)"])
        }
    }

    // MARK: What happens

    private func handle(_ change: WatchChange) {
        switch change {
        case .changed(let entries):
            machine.changed(entries, now: clock.now())
            armTimer()
        case .rescan(let isOnOtherDevice):
            health.isDirectoryMissing = false
            if isOnOtherDevice && !isWorthScanning() { return }
            scan(isFirst: false)
        case .foreignName: _ = try? names()
        case .directoryMissing:
            health.isDirectoryMissing = true
            logger.error(
                "the functions directory is gone; what serves goes on until it is back",
                metadata: ["path": "\(configuration.functionsDirectory)"])
        case .unwatched(let failures):
            health.unwatched = failures
            guard let first = failures.min(by: { $0.key < $1.key }) else {
                return logger.notice("all directories of functions are watched again")
            }
            logger.error(
                "directories cannot be watched, so their changes go unseen; raise fs.inotify.max_user_watches",
                metadata: [
                    "path": "\(first.key)", "reason": "\(SystemError.text(first.value))",
                    "count": "\(failures.count)",
                ])
        }
    }

    /// Whether another file system that lies there now holds anything. An empty one is a mount that failed or went away,
    /// and no wish that all functions end.
    private func isWorthScanning() -> Bool {
        let path = configuration.functionsDirectory
        let names = (try? DirectoryListing.names(of: FileDescriptor.directory(path), path)) ?? []
        let isEmpty = !names.contains { $0.map { !DropInName.isIgnored($0) } ?? false }
        health.isEmptyMount = isEmpty && machine.functions.values.contains { $0.entry != nil }
        guard health.isEmptyMount else { return true }
        logger.error(
            "another, empty file system lies at the functions directory; what serves goes on until something is in it",
            metadata: ["path": "\(path)"])
        return false
    }

    private func scan(isFirst: Bool) {
        var names: [String] = []
        do throws(SystemCallError) {
            names = try self.names()
        } catch {
            logger.error("the functions directory cannot be read", metadata: ["reason": "\(error)"])
            guard isFirst else { return }
        }
        perform(machine.scan(names, now: clock.now()))
        flush()
        armTimer()
    }

    /// The names in the functions directory; it notes those that are not UTF-8.
    private func names() throws(SystemCallError) -> [String] {
        var names: [String] = []
        var others: [String] = []
        let directory = try FileDescriptor.directory(configuration.functionsDirectory)
        for name in try DirectoryListing.entries(of: directory, configuration.functionsDirectory) {
            switch name {
            case .text(let text): names.append(text)
            case .bytes(let shown): others.append(shown)
            }
        }
        others.sort()
        if others != health.foreignNames, let first = others.first {
            logger.warning(
                "an entry of the functions directory has a name in another code page than UTF-8; it is ignored",
                metadata: ["path": "\(first)", "count": "\(others.count)"])
        }
        health.foreignNames = others
        return names
    }

    private func takeResults() {
        guard let staging else { return }
        for (entry, result) in staging.takeResults() {
            perform(machine.staged(entry, result, now: clock.now(), unixMilliseconds: clock.unixMilliseconds()))
        }
        flush()
        armTimer()
    }

    private func armTimer() {
        guard staging != nil, let deadline = machine.nextDeadline else { return }
        // A timer that wakes too early arms itself again, which is cheaper than a new one for each change.
        if let timer, timer.deadline <= deadline { return }
        timer?.task.cancel()
        let clock = clock
        let task = Task { [weak self] in
            await clock.sleepUntil(deadline)
            if !Task.isCancelled { await self?.timerFired() }
        }
        timer = (deadline, task)
    }

    private func timerFired() {
        timer = nil
        perform(machine.timer(now: clock.now()))
        flush()
        armTimer()
    }

    // MARK: What is done

    func perform(_ actions: [CatalogMachine.Action]) {
        var jobs: [StagingJob] = []
        perform: for action in actions {
            switch action {
            case .stage(let entry, let fingerprint, let look): jobs.append(job(entry, fingerprint, look))
            case .adopt(let staged, let record, let name):
                do throws(SystemCallError) {
                    try store.adopt(staged, as: record, of: name)
                } catch {
                    store.discard(staged.path)
                    let problem = CatalogProblem(
                        .storeFailed, "it cannot be stored: \(error)",
                        hint: "look at the disk of the state directory; it is tried again", path: "\(name)")
                    // What follows was about a version that is not there.
                    perform(machine.adoptFailed(name, record.number, problem, now: clock.now()))
                    break perform
                }
                checks.accept(VersionReference(function: name, number: record.number))
            case .restore(let staged, let record, let name): restore(staged, record, name)
            case .discard(let path): store.discard(path)
            case .save(let name): unsaved.insert(name)
            case .candidate(let name, let number): propose(name, number)
            case .removed(let name):
                cache = cache.filter { $0.key.function != name }
                outbox.append(.removed(name))
            case .rejected(let name, let problems): outbox.append(.rejected(name: name, problems: problems))
            case .waiting(let name, let problem):
                logger.warning(
                    "A function's files are not taken yet", metadata: ["function": "\(name)", "reason": "\(problem)"])
            case .scanned: outbox.append(.scanned)
            }
        }
        if !jobs.isEmpty { staging?.add(jobs) }
    }

    private func job(_ entry: String, _ fingerprint: String?, _ look: StagingJob.Look) -> StagingJob {
        stagingNumber += 1
        return StagingJob(
            entry: entry, functionsDirectory: configuration.functionsDirectory, store: store,
            stagingPath: store.stagingPath(stagingNumber), machine: configuration.hostArchitecture,
            knownFingerprint: fingerprint, look: look, minimumAgeMilliseconds: configuration.settleMilliseconds)
    }

    private func propose(_ name: FunctionName, _ number: Int) {
        do throws(CatalogError) {
            let stored = try version(name, number)
            outbox.append(.candidate(stored.version, warnings: stored.warnings))
        } catch {
            if error.code == .stateDamaged {
                // No other version takes its place: it might let in whom this one does not.
                machine.functions[name]?.candidate = nil
                return logger.error(
                    "a stored version is damaged, and nothing is known of it until it is made anew",
                    metadata: ["function": "\(name)", "version": "\(number)", "reason": "\(error)"])
            }
            logger.error(
                "a stored version cannot be used",
                metadata: ["function": "\(name)", "version": "\(number)", "reason": "\(error)"])
            perform(machine.activationFailed(name, number, reason: error.description))
        }
    }

    func version(_ name: FunctionName, _ number: Int) throws(CatalogError) -> StoredVersion {
        let reference = VersionReference(function: name, number: number)
        if let stored = cache[reference] { return stored }
        guard let record = machine.functions[name]?.index.record(number) else {
            throw CatalogError(.versionNotFound, "'\(name)' has no version \(number)")
        }
        let stored = try store.version(record, of: name)
        cache[reference] = stored
        return stored
    }

    func forget(_ reference: VersionReference) {
        cache[reference] = nil
        checks.forget(reference)
    }

    /// Flushes when what waits before it is done, so that a thousand answers of the controller are one write.
    func flushSoon() {
        guard !isFlushPlanned else { return }
        isFlushPlanned = true
        Task {
            isFlushPlanned = false
            flush()
        }
    }

    /// Writes the indexes that changed, then tells what happened.
    func flush() {
        let indexes = unsaved.compactMap { name in machine.functions[name].map { (name: name, index: $0.index) } }
        do throws(SystemCallError) {
            try store.save(indexes)
            unsaved = []
            health.storeFailure = nil
        } catch {
            isStored = false
            // What serves goes on; after a restart the directory is looked at anew.
            if health.storeFailure == nil {
                logger.error("the indexes of versions cannot be written", metadata: ["reason": "\(error)"])
            }
            health.storeFailure = "\(error)"
            flushLater()
        }
        for event in outbox { continuation.yield(event) }
        outbox = []
    }

    /// What could not be written is tried again; every other flush tries too.
    private func flushLater() {
        guard !isFlushRetried else { return }
        isFlushRetried = true
        let clock = clock
        let time = clock.now().advanced(byMilliseconds: Self.flushRetryMilliseconds)
        Task { [weak self] in
            await clock.sleepUntil(time)
            await self?.retryFlush()
        }
    }

    private func retryFlush() {
        isFlushRetried = false
        flush()
    }
}
