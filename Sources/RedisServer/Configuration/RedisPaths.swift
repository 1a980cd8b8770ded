/// Where the files of Glo's own Redis are.
package struct RedisPaths: Sendable, Hashable {
    /// Bytes of the longest path of a Unix socket: `sun_path` has 108, one of them for the end (unix(7)).
    package static let longestSocketPath = 107

    /// The state directory.
    package let state: String
    /// `<state>/redis`; everything but the seal is in it.
    package let directory: String

    package var socket: String { "\(directory)/redis.sock" }
    package var configuration: String { "\(directory)/redis.conf" }
    package var users: String { "\(directory)/users.acl" }
    /// Locked for as long as a process uses the data.
    package var lock: String { "\(directory)/lock" }
    package var appendOnlyDirectory: String { "\(directory)/appendonlydir" }
    package var appendOnlyManifest: String { "\(appendOnlyDirectory)/appendonly.aof.manifest" }
    /// What is known of the data, beside the directory so that it outlives it.
    package var seal: String { "\(state)/redis.seal" }

    /// Says of a state of the files that Redis could not read it.
    package var unreadable: String { "\(directory)/unreadable" }

    /// - Parameter state: the state directory, absolute.
    package init(state: String) throws(RedisProcessError) {
        self.state = state
        directory = "\(state)/redis"
        let length = socket.utf8.count
        guard length <= Self.longestSocketPath else {
            throw RedisProcessError(
                .pathTooLong,
                "\(socket) has \(length) bytes, and the path of a Unix socket may have \(Self.longestSocketPath).",
                hint: "Choose a state directory whose path is \(length - Self.longestSocketPath) bytes shorter.")
        }
    }
}
