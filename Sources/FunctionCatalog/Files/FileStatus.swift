import CLinux

/// What tells two states of a file apart.
struct FileStatus: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case regular, directory, symbolicLink, special
    }

    let kind: Kind
    /// Permission bits, set-id bits and the sticky bit.
    let mode: UInt32
    /// A user id.
    let owner: UInt32
    let device: UInt64
    let inode: UInt64
    let size: Int64
    let modifiedNanoseconds: Int64
    let changedNanoseconds: Int64

    init(_ raw: clinux_file_status) {
        kind =
            switch raw.kind {
            case CLINUX_REGULAR: .regular
            case CLINUX_DIRECTORY: .directory
            case CLINUX_SYMLINK: .symbolicLink
            default: .special
            }
        mode = raw.mode
        owner = raw.owner
        device = raw.device
        inode = raw.inode
        size = raw.size
        modifiedNanoseconds = raw.modified_nanoseconds
        changedNanoseconds = raw.changed_nanoseconds
    }

    /// Whether any execute bit is set.
    var isExecutable: Bool { mode & 0o111 != 0 }
    /// Whether everybody may write it. A group may: under umask 002 all that a user makes is its group's too.
    var isWritableByEverybody: Bool { mode & 0o002 != 0 }
}
