import AdminModel
import Glibc
import LinuxSystem

/// The place of the Unix socket `admin.sock` in the state directory.
///
/// The server binds it in a directory that only its user may enter, and moves it to its place when its mode is 0600:
/// so nobody else can connect in between, and a dead controller's socket is replaced in one step. All names go
/// through a descriptor of the state directory, because a socket's path has at most 107 bytes.
struct AdminSocket: ~Copyable {
    /// The path that people see.
    let path: String
    private let directory: Int32
    private let nursery: String

    /// - Parameter lock: proof that no other controller has its socket there.
    init(lock: StateLock) throws(AdminServerError) {
        path = "\(lock.directory)/\(AdminPath.socketName)"
        directory = open(lock.directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        nursery = ".admin-\(getpid())"
        guard directory >= 0 else {
            throw AdminServerError(
                .stateDirectoryUnusable, "cannot open \(lock.directory): \(SystemError.text(errno))")
        }
        guard mkdirat(directory, nursery, 0o700) == 0 || errno == EEXIST else {
            let reason = SystemError.text(errno)
            throw AdminServerError(.stateDirectoryUnusable, "cannot write to \(lock.directory): \(reason)")
        }
    }

    deinit {
        if directory >= 0 {
            unlinkat(directory, "\(nursery)/\(AdminPath.socketName)", 0)
            unlinkat(directory, nursery, AT_REMOVEDIR)
            close(directory)
        }
    }

    /// Where the server has to bind; always short enough.
    var bindPath: String { "/proc/self/fd/\(directory)/\(nursery)/\(AdminPath.socketName)" }

    /// Moves the bound socket to its place.
    func publish() throws(AdminServerError) {
        let bound = "\(nursery)/\(AdminPath.socketName)"
        guard fchmodat(directory, bound, 0o600, 0) == 0,
            renameat(directory, bound, directory, AdminPath.socketName) == 0
        else {
            throw AdminServerError(.stateDirectoryUnusable, "cannot make \(path): \(SystemError.text(errno))")
        }
    }

    /// Takes the socket away.
    func withdraw() { unlinkat(directory, AdminPath.socketName, 0) }
}
