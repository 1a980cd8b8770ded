import Glibc
import LinuxSystem
import StateFiles

/// A look at the append-only files before Redis reads them: Redis itself would start empty without a word when its
/// manifest is gone, and throw away what stands behind a place that it cannot read.
struct AppendOnlyInspection: Sendable {
    /// What a start mends by itself, since nobody was told that it was stored.
    struct Cut: Hashable, Sendable {
        enum Reason: Hashable, Sendable {
            /// Half a command, as a kill leaves it.
            case halfCommand
            /// Zeros, as a file system leaves them after a power cut.
            case zeros
        }

        let path: String
        let length: Int
        let droppedBytes: Int
        let reason: Reason
    }

    /// Sentences that say what is wrong; Redis may be started when there are none.
    private(set) var damages: [String] = []
    private(set) var cuts: [Cut] = []
    /// What is there, as the next seal says it.
    private(set) var seal = AppendOnlySeal()
    /// What the last seal said; nil when there is none.
    private(set) var lastSeal: AppendOnlySeal?
    /// Things that the log may know.
    private(set) var notes: [String] = []

    private let directory: AppendOnlyDirectory
    private let toleratesShorter: Bool
    /// Only the form of the files counts: somebody has put a copy there that is not as new as the seal.
    private let ignoresSeal: Bool
    /// There is a seal that says nothing.
    private let isSealBroken: Bool

    /// Reads all of the files once.
    /// - Parameter toleratesShorter: the operator chose a flush that loses what came last.
    init(_ paths: RedisPaths, toleratesShorter: Bool = false, ignoresSeal: Bool = false) {
        self.ignoresSeal = ignoresSeal
        directory = AppendOnlyDirectory(path: paths.appendOnlyDirectory)
        self.toleratesShorter = toleratesShorter
        (lastSeal, isSealBroken) = Self.lastSeal(paths)
        do throws(RedisProcessError) {
            try look(paths, hadData: isSealBroken || (lastSeal.map { !$0.isOfNothing } ?? Self.hasRun(paths)))
        } catch {
            damages.append(error.message + (error.cause.map { " (\($0))" } ?? ""))
        }
        if isSealBroken || (lastSeal == nil && !seal.files.isEmpty) {
            let what = isSealBroken ? "was damaged or another user's" : "was not there"
            notes.append("\(paths.seal) \(what), so that only the form of the files could be checked; it is new now.")
        }
        seal.counts = lastSeal?.counts
        seal.countedAtSeconds = lastSeal?.countedAtSeconds ?? 0
    }

    private static func lastSeal(_ paths: RedisPaths) -> (seal: AppendOnlySeal?, isBroken: Bool) {
        do throws(RedisProcessError) {
            guard let text = try SmallFile.text(paths.seal) else { return (nil, false) }
            var status = stat()
            guard lstat(paths.seal, &status) != 0 || StateOwner.trusts(status.st_uid, at: paths.seal) else {
                return (nil, true)
            }
            let seal = AppendOnlySeal(text)
            return (seal, seal == nil)
        } catch {
            return (nil, true)
        }
    }

    /// Versions of Glo before seals leave the settings of a Redis that has run.
    private static func hasRun(_ paths: RedisPaths) -> Bool {
        access(paths.configuration, F_OK) == 0 && access(paths.users, F_OK) == 0
    }

    private mutating func look(_ paths: RedisPaths, hadData: Bool) throws(RedisProcessError) {
        let names = try directory.names()
        let files = (names ?? []).compactMap { AppendOnlyManifest.Entry(fileName: $0) }
        guard let manifest = try directory.manifest() else {
            if !files.isEmpty {
                damages.append("\(directory.manifestPath) is gone, and \(files.count) files with data lie beside it.")
            } else if hadData {
                damages.append(
                    names == nil
                        ? "The directory \(directory.path) is gone." : "The directory \(directory.path) is empty.")
            }
            return
        }
        guard !manifest.live.isEmpty else {
            return damages.append("\(directory.manifestPath) is empty or damaged.")
        }
        for sealed in lastSeal?.files ?? []
        where !ignoresSeal && !manifest.entries.contains(where: { $0.name == sealed.name }) {
            if !isReplaced(sealed, manifest) {
                damages.append("\(directory.manifestPath) does not name \(sealed.name) any more.")
            }
        }
        for entry in manifest.live { inspect(entry, isLast: entry == manifest.live.last) }
        if damages.isEmpty, let why = Self.refusal(paths, directory) {
            damages.append("Redis could not read \(directory.path) (\(why)).")
        }
    }

    /// Why Redis could not read just these files.
    private static func refusal(_ paths: RedisPaths, _ directory: AppendOnlyDirectory) -> String? {
        guard let text = (try? SmallFile.text(paths.unreadable)) ?? nil, let end = text.firstIndex(of: "\n"),
            text[text.index(after: end)...] == directory.fingerprint()
        else { return nil }
        return String(text[..<end])
    }

    /// Whether Redis has rewritten its files since they were sealed: there is a later snapshot than the one of then.
    private func isReplaced(_ sealed: AppendOnlySeal.File, _ manifest: AppendOnlyManifest) -> Bool {
        let bases = (lastSeal?.files ?? []).compactMap { AppendOnlyManifest.Entry(fileName: $0.name) }
            .filter { $0.kind == .base }
        return (manifest.base?.sequence ?? 0) > (bases.map(\.sequence).max() ?? 0)
    }

    // MARK: One file

    private mutating func inspect(_ entry: AppendOnlyManifest.Entry, isLast: Bool) {
        let path = directory.path(of: entry)
        let number = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard number >= 0 else {
            let why = errno == ENOENT ? "is gone" : "cannot be read (\(SystemError.text(errno)))"
            return damages.append("\(path) \(why).")
        }
        let file = OwnedDescriptor(owning: number)
        guard access(path, R_OK | W_OK) == 0 else {
            return damages.append("\(path) may not be written by this user (\(SystemError.text(errno))).")
        }
        let sealed = ignoresSeal ? nil : lastSeal?[entry.name]
        let points = [sealed?.whole.length, sealed?.shorter?.length].compactMap { $0 }
        var reading = FileReading(entry, checkpoints: Set(points))
        guard reading.read(file.raw) else {
            return damages.append("\(path) cannot be read (\(SystemError.text(errno))).")
        }
        // The next seal says that it is so; a power cut must not make it wrong.
        _ = fdatasync(file.raw)
        if entry.isLog {
            judge(log: reading, sealed, path, file.raw, isLast: isLast)
        } else {
            judge(snapshot: reading, sealed, path)
        }
        seal.files.append(reading.seal)
    }

    private mutating func judge(snapshot reading: FileReading, _ sealed: AppendOnlySeal.File?, _ path: String) {
        if reading.all.length == 0 {
            damages.append("\(path) is empty.")
        } else if !reading.beginning.starts(with: Array("REDIS".utf8)) {
            damages.append("\(path) does not begin as a snapshot does.")
        } else if let sealed, sealed.whole != reading.all {
            damages.append("\(path) is not what it was: \(Self.difference(reading.all.length, sealed.whole.length)).")
        }
    }

    private mutating func judge(
        log reading: FileReading, _ sealed: AppendOnlySeal.File?, _ path: String, _ file: Int32, isLast: Bool
    ) {
        let size = reading.all.length
        if let sealed, let flaw = difference(reading, sealed), !(toleratesShorter && size < sealed.whole.length) {
            return damages.append("\(path) is not what it was: \(flaw).")
        }
        guard !reading.scanner.isWhole else { return }
        let kept = reading.scanner.boundary
        if let sealed, size < sealed.whole.length, !toleratesShorter {
            notes.append("The last command of \(path) is cut: the last change of one event is gone.")
        }
        if reading.scanner.damage == nil, isLast {
            cuts.append(Cut(path: path, length: kept, droppedBytes: size - kept, reason: .halfCommand))
        } else if let damage = reading.scanner.damage, isLast, Self.isZero(file, from: damage, to: size) {
            cuts.append(Cut(path: path, length: kept, droppedBytes: size - kept, reason: .zeros))
        } else {
            let place = reading.scanner.damage ?? kept
            damages.append("\(path) cannot be read from byte \(place) on; \(size - kept) of its \(size) bytes follow.")
        }
    }

    /// Nil when the file is what was sealed, with or without what came later; the last command may be half.
    private func difference(_ reading: FileReading, _ sealed: AppendOnlySeal.File) -> String? {
        let size = reading.all.length
        if size >= sealed.whole.length {
            return reading.found[sealed.whole.length] == sealed.whole.checksum ? nil : "its contents have changed"
        }
        if let shorter = sealed.shorter, size >= shorter.length,
            reading.found[shorter.length] == shorter.checksum, reading.scanner.damage == nil
        {
            return nil
        }
        return Self.difference(size, sealed.whole.length)
    }

    private static func difference(_ size: Int, _ before: Int) -> String {
        if size == before { return "its contents have changed" }
        return size < before
            ? "\(before - size) of its \(before) bytes are missing" : "it has \(size - before) bytes more"
    }

    private static func isZero(_ file: Int32, from start: Int, to end: Int) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var place = start
        while place < end {
            let count = pread(file, &buffer, min(buffer.count, end - place), off_t(place))
            guard count > 0, buffer[..<count].allSatisfy({ $0 == 0 }) else { return false }
            place += count
        }
        return true
    }

    /// Whether nobody has changed the files for some seconds: whoever restores a copy may be at it still.
    func isQuiet(seconds: Int) -> Bool {
        let now = Int(SystemClock.unixMilliseconds() / 1000)
        return (try? directory.names())?.allSatisfy { name in
            var status = stat()
            return stat("\(directory.path)/\(name)", &status) == 0 && now - status.st_ctim.tv_sec >= seconds
        } ?? false
    }

    // MARK: What a start does about it

    /// Cuts what may be cut, and writes the new seal.
    func settle(_ paths: RedisPaths) throws(RedisProcessError) {
        precondition(damages.isEmpty, "damaged files are left as they are")
        for cut in cuts {
            let number = open(cut.path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
            guard number >= 0 else { throw .system("\(cut.path) cannot be opened", errno) }
            let file = OwnedDescriptor(owning: number)
            guard ftruncate(file.raw, off_t(cut.length)) == 0, fsync(file.raw) == 0 else {
                throw .system("\(cut.path) cannot be cut", errno)
            }
        }
        if isSealBroken { unlink(paths.seal) }
        // A full disk must not hinder a start: the seal before it is still true of the beginning of the files.
        do throws(RedisProcessError) {
            try SmallFile.replace(paths.seal, with: seal.text, directory: paths.state)
        } catch  where error.code == .diskFull && cuts.isEmpty {}
    }

    /// Why Redis is not started; nil when it may be.
    func error(_ paths: RedisPaths) -> RedisProcessError? {
        guard !damages.isEmpty else { return nil }
        var text = "The stored events are damaged, and Redis is not started on them: " + damages.joined(separator: " ")
        if let counts = lastSeal?.counts {
            text +=
                " When they were last whole, \(counts.live) events waited or ran, and \(counts.dead) were dead letters."
        }
        return RedisProcessError(
            .dataDamaged, text,
            hint: "Restore \(paths.appendOnlyDirectory) from a copy, or run: glo repair events --state \(paths.state)")
    }
}

extension AppendOnlyInspection.Cut: CustomStringConvertible {
    var description: String {
        switch reason {
        case .halfCommand: "\(path): half a command at its end (\(droppedBytes) bytes) is cut off."
        case .zeros: "\(path): \(droppedBytes) bytes at its end, zeros that a power cut left, are cut off."
        }
    }
}
