import Glibc
import LinuxSystem

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
    let memory = DamageMemory()

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
        var deadline = SystemClock.monotonicNanoseconds() + patienceMilliseconds * 1_000_000
        var life = ProcessLife()
        repeat {
            if let file = try lock.take() {
                return .vacant(Preparation(executable: executable, users: users, lock: file))
            }
            if isCurrent {
                switch identify(users) {
                case .ours(let running): return .occupied(running)
                case .silent:
                    // One that reads a large file may answer seldom; ended, it would begin anew.
                    if !memory.hasBeenCancelled, life.goesOn(lock.holders()) {
                        deadline = SystemClock.monotonicNanoseconds() + patienceMilliseconds * 1_000_000
                    }
                case .stranger: break
                }
            }
            usleep(20_000)
        } while isCurrent && SystemClock.monotonicNanoseconds() < deadline
        return .vacant(Preparation(executable: executable, users: users, lock: try evict()))
    }

    /// Makes sure that nothing of the data is damaged; says what was mended. Nobody may use the data meanwhile.
    func inspect() throws(RedisProcessError) -> [String] {
        let fingerprint = fingerprint()
        if let known = memory.error(of: fingerprint) { throw known }
        let inspection = AppendOnlyInspection(paths, toleratesShorter: configuration.flush != .always)
        guard let error = inspection.error(paths) else {
            try inspection.settle(paths)
            memory.forget()
            return inspection.notes + inspection.cuts.map(\.description)
        }
        // Once the damage has been told, other files that are whole are what the operator has put there.
        if memory.knowsDamage {
            let restored = AppendOnlyInspection(paths, ignoresSeal: true)
            if restored.damages.isEmpty, restored.cuts.isEmpty {
                guard restored.isQuiet(seconds: 3) else { throw error }
                try restored.settle(paths)
                memory.forget()
                return ["Other files were put in the place of the damaged ones, and are used. " + error.message]
            }
        }
        memory.note(error, of: fingerprint)
        throw error
    }

    /// Redis itself found that it cannot read its data: it is not started on them again, by a later controller neither.
    func noteDamage(_ error: RedisProcessError) {
        let files = AppendOnlyDirectory(path: paths.appendOnlyDirectory).fingerprint()
        let text = (error.cause ?? "Redis does not say why") + "\n" + files
        try? SmallFile.replace(paths.unreadable, with: text, directory: paths.directory)
    }

    private func fingerprint() -> String {
        let files = AppendOnlyDirectory(path: paths.appendOnlyDirectory).fingerprint()
        let texts = [paths.seal, paths.unreadable].map { (try? SmallFile.text($0)) ?? nil ?? "" }
        return ([files] + texts).joined(separator: "\n")
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
            [preparation.executable.path, paths.configuration], input: preparation.lock.raw, output: output.raw)
        let access = access(preparation.users.password)
        guard let running = RunningRedis(process: process, access: access, output: pipe.readEnd) else {
            let number = errno
            kill(process, SIGKILL)
            while waitpid(process, nil, 0) < 0, errno == EINTR {}
            throw .system("Redis cannot be watched", number, .system)
        }
        return running
    }

    /// Who listens at the socket.
    private enum Listener {
        /// The server that holds the lock, was started with our configuration, and is the version that would be started
        /// now.
        case ours(RunningRedis)
        /// The server that holds the lock, and it does not answer.
        case silent
        case stranger
    }

    private func identify(_ users: RedisUsers) -> Listener {
        guard var exchange = RedisExchange(socket: paths.socket, milliseconds: 1_000),
            let process = exchange.listener, lock.isHeld(by: process)
        else { return .stranger }
        guard let login = exchange.ask("AUTH", RedisUsers.user, users.password) else { return .silent }
        guard case .text = login, let answer = exchange.ask("INFO", "server") else { return .stranger }
        guard case .text(let text) = answer else { return .stranger }
        let info = RedisInfo(text)
        guard info["config_file"] == paths.configuration,
            info["redis_version"].flatMap({ RedisVersion($0) }) == users.version,
            let running = RunningRedis(process: process, access: access(users.password), output: nil)
        else { return .stranger }
        return .ours(running)
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
