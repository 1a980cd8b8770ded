package import Logging
import Glibc
import CLinux

/// Quick stand-in until the supervisor is merged.
package actor RedisServerStandIn {
    package let socket: String
    let directory: String
    let logger: Logger
    var pid: pid_t = 0
    package init(stateDirectory: String, fsync: String, memory: Int, logger: Logger) {
        directory = "\(stateDirectory)/redis"
        socket = "\(directory)/redis.sock"
        self.logger = logger
        mkdir(directory, 0o700)
        let conf = "port 0\nunixsocket \(socket)\nunixsocketperm 600\ndir \(directory)\nappendonly yes\nappendfsync \(fsync)\nsave \"\"\nmaxmemory \(memory)\nmaxmemory-policy noeviction\nslowlog-log-slower-than -1\npidfile \(directory)/redis.pid\n"
        let fd = open("\(directory)/redis.conf", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        _ = conf.withCString { write(fd, $0, strlen($0)) }
        close(fd)
    }
    package func start() {
        var argv: [UnsafeMutablePointer<CChar>?] = [strdup("redis-server"), strdup("\(directory)/redis.conf"), nil]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, 1, "\(directory)/log", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        var pid: pid_t = 0
        posix_spawn(&pid, "/usr/bin/redis-server", &actions, nil, &argv, environ)
        self.pid = pid
    }
    package func stop() { kill(pid, SIGTERM); var s: Int32 = 0; waitpid(pid, &s, 0) }
}
