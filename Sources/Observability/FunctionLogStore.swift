package import AdminModel
package import FunctionModel
import LinuxSystem
package import Logging
import Synchronization

/// The logs of all functions: what handlers write, and a START and an END line for each invocation.
///
/// Appending costs its caller a short lock and, when the writer sleeps, one write to a pipe; formatting and files are
/// the writer thread's. The writer lives until ``stop()``, which has to be called.
package final class FunctionLogStore: Sendable {
    /// What the store and its writer thread share.
    final class Shared: Sendable {
        let inbox = Mutex(LogInbox())
        let books: Mutex<LogBooks>
        let wake: WakePipe
        let limits: LogLimits
        let monotonic: @Sendable () -> MonotonicTime
        let unixMilliseconds: @Sendable () -> Int64

        init(
            limits: LogLimits, monotonic: @escaping @Sendable () -> MonotonicTime,
            unixMilliseconds: @escaping @Sendable () -> Int64
        ) throws(LogStoreError) {
            books = Mutex(LogBooks(limits: limits))
            wake = try WakePipe()
            self.limits = limits
            self.monotonic = monotonic
            self.unixMilliseconds = unixMilliseconds
        }
    }

    private let shared: Shared
    private let directory: String?
    private let thread: Mutex<DedicatedThread?>

    /// - Parameters:
    ///   - directory: where the files go, `<state>/logs`; its parent exists. Nil keeps all in memory only.
    ///   - logger: told once when the files cannot be written.
    package init(
        directory: String?, limits: LogLimits = LogLimits(), logger: Logger,
        monotonic: @escaping @Sendable () -> MonotonicTime = { MonotonicTime.now() },
        unixMilliseconds: @escaping @Sendable () -> Int64 = { SystemClock.unixMilliseconds() }
    ) throws(LogStoreError) {
        let shared = try Shared(limits: limits, monotonic: monotonic, unixMilliseconds: unixMilliseconds)
        self.shared = shared
        self.directory = directory
        var files: LogFiles?
        if let directory {
            files = try LogFiles(
                directory: directory, maximumFileBytes: limits.maximumFileBytes, maximumFiles: limits.maximumFiles)
        }
        let made = files
        thread = Mutex(
            try Self.startThread {
                var writer = LogWriter(store: shared, files: made, logger: logger)
                writer.run()
            })
    }

    /// The writer blocks in system calls, which must never happen on a thread of Swift's pool.
    private static func startThread(
        _ body: @escaping @Sendable () -> Void
    ) throws(LogStoreError) -> DedicatedThread {
        do throws(SystemError) {
            return try DedicatedThread(body)
        } catch {
            throw LogStoreError(
                .noThread, "the thread of the log writer cannot be started", errno: error.number)
        }
    }

    /// Takes one line of a handler.
    package func append(_ line: FunctionLogLine) { append(contentsOf: [line]) }

    /// Takes lines of handlers, in their order.
    package func append(contentsOf lines: [FunctionLogLine]) {
        guard !lines.isEmpty else { return }
        let maximum = shared.limits.maximumLineBytes
        let cut = lines.contains { $0.bytes.count > maximum } ? lines.map { Self.cut($0, to: maximum) } : lines
        if shared.inbox.withLock({ $0.append(cut, limits: shared.limits) }) { shared.wake.wake() }
    }

    /// Takes a batch from the data plane. Call it every few milliseconds at most.
    package func append(contentsOf records: [InvocationRecord]) {
        guard !records.isEmpty else { return }
        if shared.inbox.withLock({ $0.append(records, limits: shared.limits) }) { shared.wake.wake() }
    }

    /// The last records of a function, or of all functions, oldest first.
    package func records(
        of function: FunctionName?, last count: Int, matching filter: LogFilter = LogFilter()
    ) -> [LogRecord] {
        shared.books.withLock { $0.last(count, of: function, matching: filter) }
    }

    /// The last invocations that ended, newest first. They are in memory only: a restart forgets them.
    ///
    /// - Parameter fits: which outcomes are wanted.
    package func invocations(
        of function: FunctionName, last count: Int, where fits: (InvocationOutcome) -> Bool = { _ in true }
    ) -> [InvocationSummary] {
        shared.books.withLock { $0.invocations(of: function, last: max(0, count), since: oldest, where: fits) }
    }

    /// The last end of an invocation with what its handler logged; nil when it is not remembered.
    package func invocation(_ id: InvocationID) -> RecordDetail? {
        shared.books.withLock { $0.invocation(id, since: oldest) }
    }

    private var oldest: Int64 { shared.unixMilliseconds() - shared.limits.maximumInvocationAgeMilliseconds }

    /// The last records and all that follow, until the reader stops or the store does.
    ///
    /// - Parameter capacity: records that wait for a slow reader; what comes on top is left out, with a mark.
    package func follow(
        _ function: FunctionName?, last count: Int, matching filter: LogFilter = LogFilter(), capacity: Int = 2048
    ) -> AsyncStream<LogRecord> {
        let kept = min(max(0, count), shared.limits.maximumEntries)
        let (stream, continuation) = AsyncStream.makeStream(
            of: LogRecord.self, bufferingPolicy: .bufferingOldest(capacity + kept))
        let number = shared.books.withLock { books in
            for record in books.last(kept, of: function, matching: filter) { continuation.yield(record) }
            return books.subscribe(LogSubscriber(function: function, filter: filter, continuation: continuation))
        }
        continuation.onTermination = { [shared] _ in shared.books.withLock { $0.unsubscribe(number) } }
        if shared.inbox.withLock({ $0.isStopping }) { continuation.finish() }
        return stream
    }

    /// Removes the files of functions that are not known any more, once nothing was written to them for an hour.
    package func removeFiles(except known: Set<FunctionName>) {
        guard let directory else { return }
        LogFiles.sweep(
            directory, except: Set(known.map(\.rawValue)), unwrittenSince: shared.unixMilliseconds() / 1000 - 3600)
    }

    /// Forgets a function that was removed. Its files stay until ``removeFiles(except:)``.
    package func forget(_ function: FunctionName) {
        let mustWake = shared.inbox.withLock { inbox in
            inbox.items.append(.forget(function))
            return inbox.signal()
        }
        if mustWake { shared.wake.wake() }
    }

    /// Returns when all that was appended before is in memory and in the files.
    package func flush() async {
        await withCheckedContinuation { continuation in
            let isStopped = shared.inbox.withLock { inbox in
                if !inbox.isStopping { inbox.flushes.append(continuation) }
                return inbox.isStopping
            }
            if isStopped { continuation.resume() } else { shared.wake.wake(WakePipe.urgent) }
        }
    }

    /// Writes what waits, ends the streams of followers and the thread. Further calls do nothing.
    package func stop() {
        shared.inbox.withLock { $0.isStopping = true }
        shared.wake.wake(WakePipe.urgent)
        thread.withLock { thread in
            let running = thread.take()
            running?.join()
        }
        for subscriber in shared.books.withLock({ $0.removeSubscribers() }) { subscriber.continuation.finish() }
    }

    private static func cut(_ line: FunctionLogLine, to maximum: Int) -> FunctionLogLine {
        guard line.bytes.count > maximum else { return line }
        var line = line
        line.bytes.removeSubrange(maximum...)
        line.bytes += " …".utf8
        return line
    }
}
