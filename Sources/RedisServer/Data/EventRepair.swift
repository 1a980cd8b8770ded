import Glibc
import LinuxSystem

/// Mends the files of the stored events while no Redis uses them: on a copy, so that what is there stays as it is until
/// the copy is known to be good, and is kept afterwards.
package struct EventRepair: Sendable {
    /// What would be done.
    package struct Plan: Sendable {
        /// What is wrong, in sentences; empty when Redis can start.
        package let damages: [String]
        /// What a copy takes, and what is free there.
        package let neededBytes: Int
        package let freeBytes: Int
        /// What was last known to be there.
        package let before: AppendOnlySeal.Counts?
    }

    /// What was done.
    package struct Outcome: Sendable {
        /// What is there now.
        package let after: AppendOnlySeal.Counts?
        /// A sentence that says what is gone.
        package let summary: String
        /// What was done to the files, in sentences.
        package let steps: [String]
        /// Where the damaged files are kept.
        package let kept: String
    }

    private let paths: RedisPaths
    private let executable: RedisExecutable
    /// Whose the files are.
    private let owner: (user: uid_t, group: gid_t)
    /// Held as long as this lives.
    private let lock: OwnedDescriptor

    private var directory: AppendOnlyDirectory { AppendOnlyDirectory(path: paths.appendOnlyDirectory) }

    /// Takes the files for itself.
    /// - Parameter state: the state directory, absolute.
    /// - Throws: `occupied` when Redis runs, and so has nothing to be mended.
    package init(state: String, searchPath: String) throws(RedisProcessError) {
        paths = try RedisPaths(state: state)
        executable = try RedisExecutable.find(searchPath: searchPath)
        var status = stat()
        guard stat(state, &status) == 0 else { throw .system("\(state) cannot be read", errno) }
        owner = (status.st_uid, status.st_gid)
        guard mkdir(paths.directory, 0o700) == 0 || errno == EEXIST else {
            throw .system("\(paths.directory) cannot be made", errno)
        }
        // A controller that looks at the damage holds it for a moment.
        guard let lock = try DataLock(path: paths.lock).take(within: 3_000) else {
            throw RedisProcessError(
                .occupied, "Redis runs on these files, so there is nothing to repair in them.",
                hint: "See `glo status` for its state.")
        }
        self.lock = lock
        for path in [paths.directory, paths.lock] { _ = lchown(path, owner.user, owner.group) }
    }

    /// Looks at the files, and changes nothing.
    package func plan() throws(RedisProcessError) -> Plan {
        let inspection = AppendOnlyInspection(paths)
        let reading = try DiskReading(of: paths.directory)
        return Plan(
            damages: inspection.damages, neededBytes: Self.size(of: directory), freeBytes: reading.freeBytes,
            before: inspection.lastSeal?.counts)
    }

    // MARK: Mending

    /// Mends a copy and puts it in the place of the files.
    package func mend(_ plan: Plan) throws(RedisProcessError) -> Outcome {
        let work = "\(paths.directory)/repair"
        try Self.remove(work)
        try Self.makeDirectory(work)
        let copy = AppendOnlyDirectory(path: "\(work)/appendonlydir")
        var steps: [String] = []
        try mendCopy(copy, &steps)
        let after = try load(work, copy, &steps)
        var seal = try sealed(copy)
        seal.counts = after
        try give(work)
        let kept = try keep(work, plan, after: after, steps, seal: seal)
        return Outcome(after: after, summary: Self.summary(plan.before, after), steps: steps, kept: kept)
    }

    /// Puts the files aside, so that Redis starts with nothing.
    package func startEmpty(_ plan: Plan) throws(RedisProcessError) -> Outcome {
        let work = "\(paths.directory)/repair"
        try Self.remove(work)
        let steps = ["Redis starts with nothing, as was asked for."]
        let nothing = AppendOnlySeal.Counts(waiting: 0, running: 0, dead: 0, accepted: 0, queues: 0)
        let kept = try keep(nil, plan, after: nothing, steps, seal: AppendOnlySeal())
        return Outcome(after: nothing, summary: Self.summary(plan.before, nothing), steps: steps, kept: kept)
    }

    private func mendCopy(_ copy: AppendOnlyDirectory, _ steps: inout [String]) throws(RedisProcessError) {
        try Self.makeDirectory(copy.path)
        let manifest = try manifest(&steps)
        var kept: [AppendOnlyManifest.Entry] = []
        for entry in manifest.live {
            guard let length = try usableLength(of: entry, &steps) else { continue }
            try Self.copy(directory.path(of: entry), to: copy.path(of: entry), length: length)
            kept.append(entry)
        }
        guard !kept.isEmpty else {
            throw RedisProcessError(
                .dataDamaged, "None of the files in \(directory.path) can be read.",
                hint: "Restore them from a copy, or say --start-empty.")
        }
        try SmallFile.replace(copy.manifestPath, with: AppendOnlyManifest(kept).text, directory: copy.path)
    }

    /// Redis' list of its files, or what the seal or else the names say of it.
    private func manifest(_ steps: inout [String]) throws(RedisProcessError) -> AppendOnlyManifest {
        if let manifest = try directory.manifest(), !manifest.live.isEmpty { return manifest }
        let text = try SmallFile.text(paths.seal)
        let there = Set(try directory.names() ?? [])
        let sealed = (text.flatMap { AppendOnlySeal($0) }?.files ?? []).map(\.name)
        if !sealed.isEmpty, there.isSuperset(of: sealed) {
            steps.append("The manifest is made anew from the files that were last known.")
            return AppendOnlyManifest(sealed.compactMap { AppendOnlyManifest.Entry(fileName: $0) })
        }
        let files = there.compactMap { AppendOnlyManifest.Entry(fileName: $0) }
        let base = files.filter { $0.kind == .base }.max { $0.sequence < $1.sequence }
        let logs = files.filter { $0.kind == .incremental }.sorted { $0.sequence < $1.sequence }
        // Logs that are older than the snapshot are in it already.
        let newest = logs.last?.sequence
        let used = logs.filter { log in
            guard let base, log.sequence != newest else { return true }
            return Self.modified(directory.path(of: log)) >= Self.modified(directory.path(of: base))
        }
        if !files.isEmpty { steps.append("The manifest is made anew from the names of the files.") }
        return AppendOnlyManifest([base].compactMap { $0 } + used)
    }

    /// How much of a file Redis can read; nil when it is to be left out.
    private func usableLength(
        of entry: AppendOnlyManifest.Entry, _ steps: inout [String]
    ) throws(RedisProcessError) -> Int? {
        let path = directory.path(of: entry)
        let number = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard number >= 0 else {
            guard errno == ENOENT else { throw .system("\(path) cannot be read", errno) }
            steps.append("\(entry.name) is gone, and left out.")
            return nil
        }
        let file = OwnedDescriptor(owning: number)
        var reading = FileReading(entry)
        guard reading.read(file.raw) else { throw .system("\(path) cannot be read", errno) }
        let size = reading.all.length
        guard entry.isLog else {
            guard size > 0, reading.beginning.starts(with: Array("REDIS".utf8)) else {
                steps.append("\(entry.name) is no snapshot, and left out (\(size) bytes).")
                return nil
            }
            return size
        }
        let kept = reading.scanner.boundary
        if kept < size { steps.append("\(entry.name): \(kept) of \(size) bytes can be read and are kept.") }
        return kept
    }

    // MARK: Trying

    /// Has Redis read the copy; what is in it. A snapshot that it cannot read is left out.
    private func load(
        _ work: String, _ copy: AppendOnlyDirectory, _ steps: inout [String]
    ) throws(RedisProcessError) -> AppendOnlySeal.Counts? {
        if let words = try check(copy) { steps.append("redis-check-aof: \(words)") }
        do throws(RedisProcessError) {
            return try RedisTrial(executable, directory: work, socket: "\(paths.directory)/try.sock").counts()
        } catch {
            guard error.code == .dataDamaged, let manifest = try copy.manifest(), let base = manifest.base,
                manifest.live.count > 1
            else { throw error }
            steps.append("Redis cannot read \(base.name), which is left out.")
            let rest = AppendOnlyManifest(manifest.entries.filter { $0 != base })
            try SmallFile.replace(copy.manifestPath, with: rest.text, directory: copy.path)
            return try RedisTrial(executable, directory: work, socket: "\(paths.directory)/try.sock").counts()
        }
    }

    /// What Redis' own program says of the copy; nil when it is not installed.
    private func check(_ copy: AppendOnlyDirectory) throws(RedisProcessError) -> String? {
        guard let slash = executable.path.lastIndex(of: "/") else { return nil }
        let program = "\(executable.path[..<slash])/redis-check-aof"
        guard access(program, X_OK) == 0 else { return nil }
        let output = try SpawnedProgram.output(of: [program, copy.manifestPath], milliseconds: 600_000)
        return output?.split(whereSeparator: \.isNewline).last.map(String.init)
    }

    private func sealed(_ copy: AppendOnlyDirectory) throws(RedisProcessError) -> AppendOnlySeal {
        var seal = AppendOnlySeal()
        for entry in try copy.manifest()?.live ?? [] {
            let path = copy.path(of: entry)
            let number = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
            guard number >= 0 else { throw .system("\(path) cannot be read", errno) }
            let file = OwnedDescriptor(owning: number)
            var reading = FileReading(entry)
            guard reading.read(file.raw), fsync(file.raw) == 0 else {
                throw .system("\(path) cannot be read", errno)
            }
            seal.files.append(reading.seal)
        }
        seal.countedAtSeconds = Int(SystemClock.unixMilliseconds() / 1000)
        return seal
    }

    // MARK: Changing places

    /// Puts what is there aside with a report, and the copy in its place. Whatever stops it in between leaves the
    /// controller without events, and another repair possible.
    private func keep(
        _ work: String?, _ plan: Plan, after: AppendOnlySeal.Counts?, _ steps: [String], seal: AppendOnlySeal
    ) throws(RedisProcessError) -> String {
        let stamp = Self.stamp()
        let kept = "\(paths.directory)/\(EventLosses.prefix)\(stamp)"
        try Self.makeDirectory(kept)
        var lines = [
            "\(stamp): \(Self.summary(plan.before, after)) The damaged files are kept in \(kept); remove it when you need them no more."
        ]
        lines += plan.damages + steps
        try SmallFile.replace(
            "\(kept)/\(EventLosses.reportName)", with: lines.joined(separator: "\n") + "\n", directory: kept)
        try give(kept)
        guard rename(paths.appendOnlyDirectory, "\(kept)/appendonlydir") == 0 || errno == ENOENT else {
            throw .system("\(paths.appendOnlyDirectory) cannot be put aside", errno)
        }
        if let work {
            guard rename("\(work)/appendonlydir", paths.appendOnlyDirectory) == 0 else {
                throw .system("\(paths.appendOnlyDirectory) cannot be put into its place", errno)
            }
            try Self.remove(work)
        }
        unlink(paths.seal)
        try SmallFile.replace(paths.seal, with: seal.text, directory: paths.state)
        _ = lchown(paths.seal, owner.user, owner.group)
        return kept
    }

    /// What root makes belongs to the controller's user.
    private func give(_ path: String) throws(RedisProcessError) {
        guard geteuid() == 0 else { return }
        guard lchown(path, owner.user, owner.group) == 0 else { throw .system("\(path) cannot be given away", errno) }
        let names = (try? AppendOnlyDirectory(path: path).names()) ?? nil
        for name in names ?? [] { try give("\(path)/\(name)") }
    }

    private static func summary(_ before: AppendOnlySeal.Counts?, _ after: AppendOnlySeal.Counts?) -> String {
        guard let before, let after else { return "How many events are gone is not known." }
        let gone = max(0, before.live - after.live)
        let dead = max(0, before.dead - after.dead)
        guard gone + dead > 0 else { return "No event that waited and no dead letter is gone." }
        return
            "\(gone) of \(before.live) events that had not ended are gone, and \(dead) of \(before.dead) dead letters."
    }
}
