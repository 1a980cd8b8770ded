import CurlClient
import Glibc
import LinuxSystem

/// The way to a controller's socket. A socket's path has at most 107 bytes, so a long one leads through a descriptor
/// of the state directory, which stays open as long as this value.
struct Connection: ~Copyable {
    private let socketPath: String
    private var directory: Int32 = -1

    private static let maximumPathBytes = 107

    init(_ state: StateDirectory) throws(CommandFailure) {
        let path = state.adminSocketPath
        guard path.utf8.count > Self.maximumPathBytes else {
            socketPath = path
            return
        }
        directory = open(state.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else {
            throw CommandFailure(
                .unreachable, "cannot open the state directory \(state.path): \(SystemError.text(errno))",
                hint: "Name the controller's with --state or GLO_STATE.")
        }
        socketPath = "/proc/self/fd/\(directory)/\(path.split(separator: "/").last ?? "")"
    }

    deinit {
        if directory >= 0 { close(directory) }
    }

    func request(_ method: String, _ path: String, body: [UInt8]?, timeoutMilliseconds: Int?) -> CurlRequest {
        CurlRequest(
            method: method, url: "http://glo\(path)", unixSocketPath: socketPath,
            headers: [("Accept", "application/json")], body: body, timeoutMilliseconds: timeoutMilliseconds,
            maxResponseBytes: 256 << 20)
    }
}
