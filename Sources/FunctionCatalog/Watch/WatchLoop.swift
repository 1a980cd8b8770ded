import CLinux
import Glibc

/// The watches on the functions directory and everything in it, and what their events mean. It belongs to one thread.
struct WatchLoop: ~Copyable {
    private static let bufferSize = 1 << 16
    /// Bytes of `struct inotify_event` before the name.
    private static let eventSize = 16

    private let inotify: FileDescriptor
    private let stop: FileDescriptor
    private let root: String
    /// Paths relative to the root by watch; the root's own is empty.
    private var paths: [Int32: String] = [:]
    private var rootWatch: Int32?
    /// While the root is missing: the watch on the nearest directory above it that is there.
    private var ancestorWatch: Int32?
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
        while !clinux_wait_either(inotify.number, stop.number) {
            let count = read(inotify.number, &buffer, buffer.count)
            guard count > 0 else { continue }
            handle(buffer[..<count])
        }
    }

    private mutating func handle(_ bytes: ArraySlice<UInt8>) {
        var changed: Set<String> = []
        var isLost = false
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
            } else if let entry = note(header.watch, header.mask, String(decoding: name, as: UTF8.self)) {
                changed.insert(entry)
            }
        }
        if !changed.isEmpty { emit(.changed(changed)) }
        if isLost {
            // Directories that came meanwhile are not watched yet.
            forgetAll()
            armRoot()
            emit(.rescan)
        }
    }

    /// Keeps the watches right; the entry that the event is about, if any.
    private mutating func note(_ watch: Int32, _ mask: UInt32, _ name: String) -> String? {
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
        if name.isEmpty { return Self.entry(of: path) }
        let full = path.isEmpty ? name : "\(path)/\(name)"
        guard let entry = Self.entry(of: full), !DropInName.isIgnored(entry) else { return nil }
        if !path.isEmpty && DropInName.isIgnoredInside(name) { return nil }
        if mask.has(CLINUX_WATCH_IS_DIRECTORY) {
            if mask.has(CLINUX_WATCH_APPEARED) { watchTree(full) }
            if mask.has(CLINUX_WATCH_MOVED_AWAY) { forgetTree(full) }
        }
        return entry
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
        armRoot()
        if isArmed { emit(.rescan) }
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
                watchChildren(of: "")
                return
            }
            guard watch == -ENOENT || watch == -ENOTDIR else { return emit(.watchFailed(path: root, number: -watch)) }
            guard let ancestor = nearestAncestor() else { return emit(.watchFailed(path: root, number: -watch)) }
            let above = clinux_watch_names(inotify.number, ancestor)
            guard above >= 0 else {
                if above == -ENOENT { continue }
                return emit(.watchFailed(path: ancestor, number: -above))
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
                emit(.watchFailed(path: path, number: -watch))
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
    }
}

extension UInt32 {
    fileprivate func has(_ bits: clinux_watch_bits) -> Bool { self & UInt32(bits.rawValue) != 0 }
}
