import Glibc

/// Whose a new file of a state directory is.
///
/// The operator is root, and the controller is a user of its own: what root's commands make has to be readable for the
/// controller. So it is given to whom the directory around it belongs to.
package enum StateOwner {
    /// Gives an open file to the owner of its directory, when this process is root's; else it has the right owner.
    ///
    /// - Parameter path: the file's place.
    /// - Returns: false when that cannot be, with `errno`.
    package static func adopt(_ descriptor: Int32, at path: String) -> Bool {
        guard let owner = owner(around: path) else { return true }
        return fchown(descriptor, owner.user, owner.group) == 0
    }

    /// The same for a directory.
    package static func adopt(directory path: String) -> Bool {
        guard let owner = owner(around: path) else { return true }
        return lchown(path, owner.user, owner.group) == 0
    }

    /// Whether a file of this owner may be believed: this process's user, root, or whoever the directory belongs to.
    package static func trusts(_ owner: UInt32, at path: String) -> Bool {
        if owner == geteuid() || owner == 0 { return true }
        guard geteuid() == 0, let slash = path.lastIndex(of: "/") else { return false }
        var status = stat()
        return stat(String(path[..<slash]), &status) == 0 && status.st_uid == owner
    }

    /// Nil when nothing has to change hands.
    private static func owner(around path: String) -> (user: uid_t, group: gid_t)? {
        guard geteuid() == 0, let slash = path.lastIndex(of: "/") else { return nil }
        var status = stat()
        guard stat(String(path[..<slash]), &status) == 0, status.st_uid != 0 else { return nil }
        return (status.st_uid, status.st_gid)
    }
}
