import CLinux
import Glibc
import LinuxSystem

/// The watches on the functions directory and everything in it, and what their events mean. It belongs to one thread.
struct WatchLoop: ~Copyable {
    private static let bufferSize = 1 << 16
    /// Bytes of `struct inotify_event` before the name.
    private static let eventSize = 16
    /// How often it is looked whether the path still is the directory that is watched: the kernel tells nobody of a
    /// mount that comes over it, or of a directory further up that is renamed.
    private static let checkMilliseconds: Int64 = 2_000
    /// Checks until directories that could not be watched are tried again.
    private static let checksPerTry = 5
    /// So many directories that cannot be watched are told by name.
    private static let failureLimit = 100

    private let inotify: FileDescriptor
    private let stop: FileDescriptor
    private let root: String
    /// Paths relative to the root by watch; the root's own is empty.
    private var paths: [Int32: String] = [:]
    private var rootWatch: Int32?
    /// While the root is missing: the watch on the nearest directory above it that is there.
    private var ancestorWatch: Int32?
    /// The directory that is watched.
    private var rootStatus: FileStatus?
    /// The device of the one that was watched last.
    private var lastDevice: UInt64?
    /// What cannot be watched, and what of it was told.
    private var failures: [String: Int32] = [:]
    private var toldFailures: [String: Int32] = [:]
    private var checks = 0
    private let emit: @Sendable (WatchChange) -> Void

    /// Watches everything that is there already.
    init(root: String, stop: consuming FileDescriptor, emit: @escaping @Sendable (WatchChange) -> Void)
        throws(SystemCallError)
    {
        self.root = root
        self.stop = stop
        self.emit = emit
        inotify = try FileDescriptor(clinux_inotify(), "inotify_init", root)
        armRoot()
    }

    /// Whether the functions directory is there and watched.
    var isArmed: Bool { rootWatch != nil }

    /// Reads events until the other descriptor says stop.
    mutating func run() {
        var buffer = [UInt8](repeating: 0, count: Self.bufferSize)
        var nextCheck = SystemClock.monotonicMilliseconds() + Self.checkMilliseconds
        tellFailures()
        while true {
            let pause = Int32(max(0, min(Self.checkMilliseconds, nextCheck - SystemClock.monotonicMilliseconds())))
            switch clinux_wait_either(inotify.number, stop.number, pause) {
            case CLINUX_WAIT_SECOND: return
            case CLINUX_WAIT_FIRST:
                let count = read(inotify.number, &buffer, buffer.count)
                if count > 0 { handle(buffer[..<count]) }
            default: break
            }
            if SystemClock.monotonicMilliseconds() >= nextCheck {
                check()
                nextCheck = SystemClock.monotonicMilliseconds() + Self.checkMilliseconds
            }
            tellFailures()
        }
    }

    /// Looks whether the path still leads to the directory that is watched, and tries again what cannot be.
    private mutating func check() {
        checks += 1
        let now = try? FileDescriptor.directory(root).status(root)
        if now?.device != rootStatus?.device || now?.inode != rootStatus?.inode {
            let wasArmed = isArmed
            forgetAll()
            if now == nil && wasArmed { emit(.directoryMissing) }
            rootMayBeBack()
        } else if !failures.isEmpty && checks % Self.checksPerTry == 0 {
            forgetAll()
            armRoot()
            if failures.isEmpty && isArmed { emit(.rescan(isOnOtherDevice: false)) }
        }
    }

    private mutating func tellFailures() {
        guard failures != toldFailures else { return }
        toldFailures = failures
        emit(.unwatched(failures))
    }

    private mutating func failed(_ path: String, _ number: Int32) {
        if failures.count < Self.failureLimit { failures[path] = number }
    }

    private mutating func handle(_ bytes: ArraySlice<UInt8>) {
        var changed: [String: EntryChange] = [:]
        var isLost = false
        var isForeign = false
        var rest = bytes
        while rest.count >= Self.eventSize {
            let header = rest.withUnsafeBytes { raw in
                (
                    watch: raw.loadUnaligned(fromByteOffset: 0, as: Int32.self),
                    mask: raw.loadUnaligned(fromByteOffset: 4, as: UInt32.self),
                    length: Int(raw.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
                )
            }
            let name = rest.dropFirst(Self.eventSize).prefix(header.length).prefix { $0 != 0 }
            rest = rest.dropFirst(Self.eventSize + header.length)
            if header.mask.has(CLINUX_WATCH_OVERFLOW) {
                isLost = true
            } else if header.watch == rootWatch && String(validating: name, as: UTF8.self) == nil {
                isForeign = true
            } else if let noted = note(header.watch, header.mask, String(decoding: name, as: UTF8.self)) {
                changed[noted.entry, default: []].formUnion(noted.change)
            }
        }
        if !changed.isEmpty { emit(.changed(changed)) }
        if isForeign { emit(.foreignName) }
        if isLost {
            // Directories that came meanwhile are not watched yet.
            forgetAll()
            armRoot()
            emit(.rescan(isOnOtherDevice: false))
        }
    }

    /// Keeps the watches right; the entry that the event is about, if any, and what happened to it.
    private mutating func note(_ watch: Int32, _ mask: UInt32, _ name: String) -> (entry: String, change: EntryChange)?
    {
        guard let path = paths[watch] else {
            if watch == ancestorWatch { rootMayBeBack() }
            return nil
        }
        if path.isEmpty && (mask.has(CLINUX_WATCH_SELF) || mask.has(CLINUX_WATCH_GONE)) {
            rootWentAway()
            return nil
        }
        if mask.has(CLINUX_WATCH_GONE) {
            paths[watch] = nil
            return nil
        }
        if name.isEmpty { return Self.entry(of: path).map { ($0, []) } }
        let full = path.isEmpty ? name : "\(path)/\(name)"
        guard let entry = Self.entry(of: full), !DropInName.isIgnored(entry) else { return nil }
        if !path.isEmpty && DropInName.isIgnoredInside(name) { return nil }
        if mask.has(CLINUX_WATCH_IS_DIRECTORY) {
            if mask.has(CLINUX_WATCH_APPEARED) { watchTree(full) }
            if mask.has(CLINUX_WATCH_MOVED_AWAY) { forgetTree(full) }
        }
        return (entry, Self.change(mask, isTop: path.isEmpty))
    }

    private static func change(_ mask: UInt32, isTop: Bool) -> EntryChange {
        if !isTop { return mask.has(CLINUX_WATCH_MODE) ? [] : .inside }
        if mask.has(CLINUX_WATCH_MOVED_IN) { return .movedIn }
        if mask.has(CLINUX_WATCH_MODE) || mask.has(CLINUX_WATCH_MOVED_AWAY) { return [] }
        return mask.has(CLINUX_WATCH_IS_DIRECTORY) ? .inside : .written
    }

    private static func entry(of path: String) -> String? {
        path.split(separator: "/", maxSplits: 1).first.map(String.init)
    }

    // MARK: The root

    private mutating func rootWentAway() {
        forgetAll()
        emit(.directoryMissing)
        rootMayBeBack()
    }

    private mutating func rootMayBeBack() {
        let before = lastDevice
        armRoot()
        if isArmed { emit(.rescan(isOnOtherDevice: before != lastDevice)) }
    }

    /// Watches the root and all in it, or else the nearest directory above.
    private mutating func armRoot() {
        while true {
            let watch = clinux_watch_contents(inotify.number, root, true)
            if watch >= 0 {
                if let ancestorWatch { clinux_unwatch(inotify.number, ancestorWatch) }
                ancestorWatch = nil
                rootWatch = watch
                paths[watch] = ""
                rootStatus = try? FileDescriptor.directory(root).status(root)
                lastDevice = rootStatus?.device
                watchChildren(of: "")
                return
            }
            guard watch == -ENOENT || watch == -ENOTDIR else { return failed(root, -watch) }
            guard let ancestor = nearestAncestor() else { return failed(root, -watch) }
            let above = clinux_watch_names(inotify.number, ancestor)
            guard above >= 0 else {
                if above == -ENOENT { continue }
                return failed(ancestor, -above)
            }
            if let ancestorWatch, ancestorWatch != above { clinux_unwatch(inotify.number, ancestorWatch) }
            ancestorWatch = above
            // What came between the look and the watch gives no event.
            if nearestAncestor() == ancestor && !Self.isDirectory(root) { return }
        }
    }

    private func nearestAncestor() -> String? {
        var path = root.hasPrefix("/") ? root : "./\(root)"
        while let parent = FileOperations.parent(of: path) {
            if Self.isDirectory(parent) { return parent }
            path = parent
        }
        return nil
    }

    private static func isDirectory(_ path: String) -> Bool { access("\(path)/.", F_OK) == 0 }

    // MARK: Subdirectories

    private mutating func watchTree(_ path: String) {
        guard path.utf8.count(where: { $0 == UInt8(ascii: "/") }) < SourceScanner.depthLimit else { return }
        let watch = clinux_watch_contents(inotify.number, "\(root)/\(path)", false)
        guard watch >= 0 else {
            // Gone again, or replaced by something else: its own event follows.
            if watch != -ENOENT && watch != -ENOTDIR && watch != -ELOOP {
                failed(path, -watch)
            }
            return
        }
        paths[watch] = path
        watchChildren(of: path)
    }

    private mutating func watchChildren(of path: String) {
        let full = path.isEmpty ? root : "\(root)/\(path)"
        guard let directory = try? FileDescriptor.directory(full),
            let names = try? DirectoryListing.names(of: directory, full)
        else { return }
        // More than a function may hold is refused when it is looked at.
        for name in names.prefix(SourceScanner.fileLimit).compactMap(\.self) {
            let isSkipped = path.isEmpty ? DropInName.isIgnored(name) : DropInName.isIgnoredInside(name)
            guard !isSkipped, let status = try? directory.status(of: name), status.kind == .directory else { continue }
            watchTree(path.isEmpty ? name : "\(path)/\(name)")
        }
    }

    private mutating func forgetTree(_ path: String) {
        for (watch, watched) in paths where watched == path || watched.hasPrefix("\(path)/") {
            clinux_unwatch(inotify.number, watch)
            paths[watch] = nil
        }
    }

    private mutating func forgetAll() {
        for watch in paths.keys { clinux_unwatch(inotify.number, watch) }
        paths = [:]
        rootWatch = nil
        rootStatus = nil
        failures = [:]
    }
}

extension UInt32 {
    fileprivate func has(_ bits: clinux_watch_bits) -> Bool { self & UInt32(bits.rawValue) != 0 }
}
