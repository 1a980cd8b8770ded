import LinuxSystem

/// What is wrong with the functions directory and the version store as a whole.
struct CatalogHealth {
    var isDirectoryMissing = false
    /// Another file system came or went, and what lies there now is empty.
    var isEmptyMount = false
    /// Directories that cannot be watched, with the errno.
    var unwatched: [String: Int32] = [:]
    /// Names of entries that are not UTF-8, as they may be shown.
    var foreignNames: [String] = []
    /// Why the indexes of versions cannot be written.
    var storeFailure: String?

    /// In sentences.
    func troubles(_ configuration: CatalogConfiguration) -> [String] {
        let directory = configuration.functionsDirectory
        var troubles: [String] = []
        if isDirectoryMissing {
            troubles.append("the functions directory \(directory) is gone; what served goes on until it is back")
        } else if isEmptyMount {
            troubles.append(
                "another, empty file system lies at \(directory); what served goes on until something is in it")
        }
        if let first = unwatched.min(by: { $0.key < $1.key }) {
            let more = unwatched.count > 1 ? " and \(unwatched.count - 1) more" : ""
            troubles.append(
                "\(first.key)\(more) cannot be watched, so changes go unseen: \(SystemError.text(first.value)); "
                    + "raise fs.inotify.max_user_watches")
        }
        if let storeFailure { troubles.append("the indexes of versions cannot be written: \(storeFailure)") }
        return troubles
    }

    var remarks: [String] {
        guard let first = foreignNames.first else { return [] }
        let more = foreignNames.count > 1 ? " and \(foreignNames.count - 1) more" : ""
        return ["the name '\(first)'\(more) in the functions directory is not UTF-8, so it is passed over; rename it"]
    }
}
