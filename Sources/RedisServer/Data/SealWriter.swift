import CLinux
import Glibc
import LinuxSystem
import Logging
import Synchronization

/// Keeps the seal of a Redis that runs: each second what is on the disk by then. On a thread of its own, since it reads
/// what Redis has written since the last time and waits for the disk.
final class SealWriter: Sendable {
    private let paths: RedisPaths
    private let logger: Logger
    /// Asks Redis how many events there are; nil when it does not say.
    let count: @Sendable () -> AppendOnlySeal.Counts?
    private let wakeup: OwnedDescriptor?
    private let isStopping = Mutex(false)

    private static let pauseMilliseconds: Int64 = 1_000

    init(
        _ paths: RedisPaths, logger: Logger, count: @escaping @Sendable () -> AppendOnlySeal.Counts?
    ) {
        self.paths = paths
        self.logger = logger
        self.count = count
        let number = clinux_eventfd()
        wakeup = number >= 0 ? OwnedDescriptor(owning: number) : nil
    }

    /// Ends `run`, soon.
    func stop() {
        isStopping.withLock { $0 = true }
        guard let wakeup else { return }
        var one: UInt64 = 1
        _ = write(wakeup.raw, &one, MemoryLayout<UInt64>.size)
    }

    /// Blocks until it is stopped.
    func run() {
        var state = State(paths)
        while !isStopping.withLock(\.self) {
            step(&state)
            let until = SystemClock.monotonicNanoseconds() + Self.pauseMilliseconds * 1_000_000
            if let wakeup { _ = Waiting.until(until, wakeup.raw, for: POLLIN) } else { usleep(1_000_000) }
        }
    }

    /// Seals what a server left that has ended.
    /// - Parameter counts: what was in it last; nil when it did not say.
    static func seal(_ paths: RedisPaths, _ counts: AppendOnlySeal.Counts?, logger: Logger) {
        let writer = SealWriter(paths, logger: logger, count: { counts })
        var state = State(paths)
        state.isFinal = true
        writer.step(&state)
    }

    // MARK: One look

    private struct State {
        let directory: AppendOnlyDirectory
        var readings: [String: FileReading] = [:]
        /// How long each file was at the last look: what is sealed is at least that old, so that Redis has flushed it.
        var sizes: [String: Int] = [:]
        var seal: AppendOnlySeal
        var nextCount: Int64 = 0
        var hasFailed = false
        /// Nobody writes any more.
        var isFinal = false

        init(_ paths: RedisPaths) {
            directory = AppendOnlyDirectory(path: paths.appendOnlyDirectory)
            let text = (try? SmallFile.text(paths.seal)) ?? nil
            seal = text.flatMap { AppendOnlySeal($0) } ?? AppendOnlySeal()
        }
    }

    private func step(_ state: inout State) {
        guard let manifest = (try? state.directory.manifest()) ?? nil, !manifest.live.isEmpty else { return }
        var files: [AppendOnlySeal.File] = []
        for entry in manifest.live {
            // A file that cannot be read now is in the seal as it was.
            guard let file = read(entry, &state) ?? state.seal[entry.name] else { return }
            files.append(file)
        }
        let names = Set(manifest.live.map(\.name))
        state.readings = state.readings.filter { names.contains($0.key) }
        guard files != state.seal.files || state.isFinal else { return }
        var seal = state.seal
        seal.files = files
        countEvents(&seal, &state)
        do throws(RedisProcessError) {
            try SmallFile.replace(paths.seal, with: seal.text, directory: paths.state)
            state.seal = seal
            state.hasFailed = false
        } catch {
            if !state.hasFailed {
                logger.warning("The seal of the stored events cannot be written", metadata: ["reason": "\(error)"])
            }
            state.hasFailed = true
        }
    }

    /// Nil when it cannot be read.
    private func read(_ entry: AppendOnlyManifest.Entry, _ state: inout State) -> AppendOnlySeal.File? {
        let number = open(state.directory.path(of: entry), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard number >= 0 else { return nil }
        let file = OwnedDescriptor(owning: number)
        var status = stat()
        guard fstat(file.raw, &status) == 0 else { return nil }
        let size = Int(status.st_size)
        var reading = state.readings[entry.name] ?? FileReading(entry, from: state.seal[entry.name])
        // A write that failed is taken back by Redis; what was sealed never is.
        if reading.all.length > size { reading = FileReading(entry) }
        let target = entry.isLog && !state.isFinal ? min(size, state.sizes[entry.name] ?? 0) : size
        state.sizes[entry.name] = size
        if target > reading.all.length {
            guard fdatasync(file.raw) == 0, reading.read(file.raw, to: target) else { return nil }
        }
        state.readings[entry.name] = reading
        return reading.seal
    }

    /// At most each second, and at most a hundredth of the time.
    private func countEvents(_ seal: inout AppendOnlySeal, _ state: inout State) {
        let began = SystemClock.monotonicNanoseconds()
        guard began >= state.nextCount, let counts = count() else { return }
        seal.counts = counts
        seal.countedAtSeconds = Int(SystemClock.unixMilliseconds() / 1000)
        state.nextCount = began + (SystemClock.monotonicNanoseconds() - began) * 100
    }
}
