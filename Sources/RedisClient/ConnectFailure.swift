import Glibc
import LinuxSystem
import NIOCore
import NIOPosix

/// Says in a sentence why a connection could not be made.
enum ConnectFailure {
    static func error(_ error: any Error, to address: RedisSocket.Address) -> RedisError {
        switch address {
        case .tcp(let address):
            RedisError(
                .unavailable, "Cannot connect to Redis at \(address): \(sentence(error)).",
                hint: "Check that it runs there and that its 'bind' and 'port' allow it.")
        case .unixSocket(let path):
            RedisError(
                .unavailable, "Cannot connect to Redis at \(path): \(sentence(error)).",
                hint: "Check that it runs, and the 'unixsocket' and 'unixsocketperm' of its configuration.")
        }
    }

    /// The cause without NIO's words around it.
    static func sentence(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let attempt = error.connectionErrors.first { return sentence(attempt.error) }
            if error.dnsAError != nil || error.dnsAAAAError != nil { return "the host's name is not known" }
            return "no address of the host answered"
        case let error as IOError: return SystemError.text(error.errnoCode).lowercased()
        case ChannelError.connectTimeout: return "no answer in time"
        default: return "\(error)"
        }
    }
}
