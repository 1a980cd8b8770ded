import CLinux
import Glibc

/// The directory with the data, and which server may use it. Its methods block, so they run on threads of their own.
struct RedisSite: Sendable {
    /// What was found at the data.
    enum Finding {
        /// No process uses it; the lock is ours, for the server that will.
        case vacant(Preparation)
        /// A server that was started with just the settings that it would be started with now.
        case occupied(RunningRedis)
    }

    /// All that a start needs.
    struct Preparation {
        let executable: RedisExecutable
        let users: RedisUsers
        let lock: OwnedDescriptor
    }

    let configuration: RedisServerConfiguration
    let searchPath: String
    /// How long one that starts, or ends by itself, may be silent before it is ended.
    var patienceMilliseconds: Int64 = 3_000
    /// Between SIGTERM and SIGKILL.
    var stopMilliseconds: Int64 = 10_000

    private var paths: RedisPaths { configuration.paths }
    private var lock: DataLock { DataLock(path: paths.lock) }

    func access(_ password: String) -> RedisAccess {
        RedisAccess(socket: paths.socket, user: RedisUsers.user, password: password)
    }

    /// Finds a server that an earlier controller left, or makes sure that there is none. One with other settings, or
    /// one that does not answer, is ended.
    func look() throws(RedisProcessError) -> Finding {
        let executable = try RedisExecutable.find(searchPath: searchPath)
        try makeDirectory()
        let users = try RedisUsers(version: executable.version, password: password())
        let written = (try SmallFile.text(paths.configuration), try SmallFile.text(paths.users))
        let isCurrent = written == (configuration.text, users.text)
        let deadline = clinux_monotonic_nanoseconds() + patienceMilliseconds * 1_000_000
        repeat {
            if let file = try lock.take() {
                return .vacant(Preparation(executable: executable, users: users, lock: file))
            }
            if isCurrent, let running = identify(users) { return .occupied(running) }
            usleep(20_000)
        } while isCurrent && clinux_monotonic_nanoseconds() < deadline
        return .vacant(Preparation(executable: executable, users: users, lock: try evict()))
    }

    /// Writes the settings and starts a server that holds the lock.
    func launch(_ preparation: Preparation) throws(RedisProcessError) -> RunningRedis {
        let directory = paths.directory
        try SmallFile.replace(paths.users, with: preparation.users.text, directory: directory)
        try SmallFile.replace(paths.configuration, with: configuration.text, directory: directory)
        let pipe = try OutputPipe()
        pipe.neverBlockWriter()
        guard let output = pipe.writeEnd else { preconditionFailure("a new pipe has both ends") }
        let process = try SpawnedProgram.spawn(
            [preparation.executable.path, paths.configuration], input: preparation.lock.number, output: output.number)
        let access = access(preparation.users.password)
        guard let running = RunningRedis(process: process, access: access, output: pipe.readEnd) else {
            let number = errno
            kill(process, SIGKILL)
            while waitpid(process, nil, 0) < 0, errno == EINTR {}
            throw .system("Redis cannot be watched", number, .system)
        }
        return running
    }

    /// The server that holds the lock, when it answers there, was started with our configuration, and is the version
    /// that would be started now.
    private func identify(_ users: RedisUsers) -> RunningRedis? {
        guard var exchange = RedisExchange(socket: paths.socket, milliseconds: 1_000),
            let process = exchange.listener, lock.isHeld(by: process),
            case .text? = exchange.ask("AUTH", RedisUsers.user, users.password),
            case .text(let text)? = exchange.ask("INFO", "server")
        else { return nil }
        let info = RedisInfo(text)
        guard info["config_file"] == paths.configuration,
            info["redis_version"].flatMap({ RedisVersion($0) }) == users.version
        else { return nil }
        return RunningRedis(process: process, access: access(users.password), output: nil)
    }

    /// Ends whoever holds the lock; the locked file.
    private func evict() throws(RedisProcessError) -> OwnedDescriptor {
        for (signal, milliseconds) in [(SIGTERM, stopMilliseconds), (SIGKILL, 5_000)] {
            for process in lock.holders() { kill(process, signal) }
            if let file = try lock.take(within: milliseconds) { return file }
        }
        let holders = lock.holders().map(String.init).joined(separator: ", ")
        throw RedisProcessError(
            .occupied, "Another process uses the data in \(paths.directory) and does not end.",
            hint: "End it: \(holders.isEmpty ? "this user may not see which it is" : "kill -9 \(holders)").")
    }

    private func makeDirectory() throws(RedisProcessError) {
        let path = paths.directory
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .system("\(path) cannot be made", errno) }
        guard chmod(path, 0o700) == 0 else { throw .system("The mode of \(path) cannot be changed", errno) }
    }

    /// The one that was made once, or a new one.
    private func password() throws(RedisProcessError) -> String {
        if let text = try SmallFile.text(paths.users), let password = RedisUsers.password(in: text) { return password }
        var random = SystemRandomNumberGenerator()
        return RedisUsers.newPassword(using: &random)
    }
}
