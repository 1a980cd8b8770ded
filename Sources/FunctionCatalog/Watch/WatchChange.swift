/// What the watcher saw.
enum WatchChange: Hashable, Sendable {
    /// Something changed in or below these entries of the functions directory.
    case changed([String: EntryChange])
    /// Anything may have changed: events were lost, or the directory is there again. `isOnOtherDevice` when another file
    /// system lies there than before, since one was mounted or went away.
    case rescan(isOnOtherDevice: Bool)
    /// An entry whose name is not UTF-8 came or went.
    case foreignName
    /// The functions directory itself went away.
    case directoryMissing
    /// The directories that cannot be watched now, so that their changes go unseen, with the errno. Empty when all are
    /// watched again.
    case unwatched([String: Int32])
}
