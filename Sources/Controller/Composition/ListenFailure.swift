import Glibc
import LinuxSystem
import NIOCore

/// Why nothing can be listened on, in the system's words alone.
enum ListenFailure {
    static func sentence(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        switch error.errnoCode {
        case EADDRINUSE: return "the address is in use"
        case EADDRNOTAVAIL: return "this machine does not have that address"
        case EACCES: return "permission denied; ports below 1024 need a privilege (CAP_NET_BIND_SERVICE)"
        default: return SystemError.text(error.errnoCode)
        }
    }
}
