import CLinux
import Glibc
import LinuxSystem

/// A redis-server that reads a copy of the events, says what is in it, and ends. Nobody else can reach it.
struct RedisTrial {
    private let executable: RedisExecutable
    private let directory: String
    private let socket: String

    /// - Parameters:
    ///   - directory: with `appendonlydir` in it.
    ///   - socket: a path that nothing has.
    init(_ executable: RedisExecutable, directory: String, socket: String) {
        self.executable = executable
        self.directory = directory
        self.socket = socket
    }

    /// What the copy has; nil when Redis does not say. It takes as long as Redis takes to read it.
    /// - Throws: `dataDamaged` when Redis cannot read it.
    func counts() throws(RedisProcessError) -> AppendOnlySeal.Counts? {
        let pipe = try OutputPipe()
        guard let output = pipe.writeEnd else { preconditionFailure("a new pipe has both ends") }
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard null >= 0 else { throw .system("/dev/null cannot be opened", errno, .system) }
        let input = OwnedDescriptor(owning: null)
        pipe.neverBlockWriter()
        let process = try SpawnedProgram.spawn(
            [
                executable.path, "--port", "0", "--unixsocket", socket, "--unixsocketperm", "600", "--dir", directory,
                "--appendonly", "yes", "--aof-load-truncated", "no", "--auto-aof-rewrite-percentage", "0", "--save", "",
                "--logfile", "", "--maxmemory", "0",
            ], input: input.raw, output: output.raw)
        defer {
            kill(process, SIGKILL)
            while waitpid(process, nil, 0) < 0, errno == EINTR {}
            unlink(socket)
        }
        while true {
            if var exchange = RedisExchange(socket: socket, milliseconds: 60_000), exchange.ask("PING") == .text("PONG")
            {
                guard case .text(let text)? = exchange.ask("EVAL", Self.script, "0") else { return nil }
                return AppendOnlySeal.Counts(text)
            }
            var information = siginfo_t()
            guard waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0,
                information.si_signo == 0
            else {
                throw RedisProcessError(
                    .dataDamaged, "Redis cannot read the copy.", hint: "Restore the files, or say --start-empty.",
                    cause: Self.lastWords(pipe.readEnd.raw))
            }
            usleep(50_000)
        }
    }

    private static func lastWords(_ descriptor: Int32) -> String? {
        var lines: [String] = []
        var cutter = LineCutter()
        while Waiting.until(SystemClock.monotonicNanoseconds(), descriptor, for: POLLIN),
            cutter.read(descriptor, onLine: { lines.append(RedisLogLine($0).message) })
        {}
        return lines.isEmpty ? nil : lines.suffix(2).joined(separator: "; ")
    }

    /// The same numbers as the library's `glo_totals`, of all namespaces, whatever version the library has.
    private static let script = """
        local ready, running, dead, accepted, queues = 0, 0, 0, 0, 0
        for _, name in ipairs(redis.call('KEYS', 'glo:{*}:functions')) do
          local ns = string.sub(name, 1, -11)
          for _, f in ipairs(redis.call('SMEMBERS', name)) do
            local fn = ns .. ':fn:' .. f
            for _, part in ipairs({ ':ready', ':delayed', ':waiting', ':parked' }) do
              ready = ready + redis.call('ZCARD', fn .. part)
            end
            running = running + redis.call('SCARD', fn .. ':running')
            dead = dead + redis.call('ZCARD', fn .. ':dlq')
            accepted = accepted + (tonumber(redis.call('HGET', fn .. ':n', 'accepted')) or 0)
          end
          queues = queues + redis.call('SCARD', ns .. ':queues')
        end
        return string.format('%d %d %d %d %d', ready, running, dead, accepted, queues)
        """
}
