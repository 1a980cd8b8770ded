import Glibc

/// Whether a descriptor leads into systemd's journal.
package enum JournalStream {
    /// `JOURNAL_STREAM` names device and inode of the journal's socket (systemd.exec(5)); a child whose output was
    /// redirected inherits the variable, but not the socket.
    package static func isConnected(_ descriptor: Int32, journalStream: String?) -> Bool {
        guard let parts = journalStream?.split(separator: ":"), parts.count == 2, let device = UInt(parts[0]),
            let inode = UInt(parts[1])
        else { return false }
        var status = stat()
        return fstat(descriptor, &status) == 0 && UInt(status.st_dev) == device && UInt(status.st_ino) == inode
    }
}
