/// What the watcher saw.
enum WatchChange: Hashable, Sendable {
    /// Something changed in or below these entries of the functions directory.
    case changed(Set<String>)
    /// Anything may have changed: events were lost, or the directory is there again.
    case rescan
    /// The functions directory itself went away.
    case directoryMissing
    /// A directory cannot be watched, so its changes go unseen. `number` is the errno.
    case watchFailed(path: String, number: Int32)
}
