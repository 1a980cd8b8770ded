import FunctionModel
import Glibc
import LinuxSystem
import Logging
import Synchronization

/// The writer thread's loop: sleeps until something waits, lets a little gather, formats it and writes it.
struct LogWriter {
    let store: FunctionLogStore.Shared
    let files: LogFiles?
    let logger: Logger
    /// Whether the last write failed, so that a full disk is told of once.
    private var isFailing = false

    /// How long left-out records go untold when nothing else comes, in milliseconds.
    private static let reportMilliseconds: Int32 = 1000

    init(store: FunctionLogStore.Shared, files: LogFiles?, logger: Logger) {
        self.store = store
        self.files = files
        self.logger = logger
    }

    mutating func run() {
        var isStopping = false
        while !isStopping {
            let owesReport = store.books.withLock { $0.owesReport }
            let isUrgent = store.wake.wait(milliseconds: owesReport ? Self.reportMilliseconds : -1)
            if !isUrgent { _ = store.wake.wait(milliseconds: store.limits.gatherMilliseconds) }
            let batch = store.inbox.withLock { $0.take() }
            isStopping = batch.isStopping
            apply(batch)
            for flush in batch.flushes { flush.resume() }
        }
    }

    private mutating func apply(_ batch: LogInbox) {
        let now = LogMoment(monotonic: store.monotonic(), unixMilliseconds: store.unixMilliseconds())
        var output = LogFileOutput()
        let isQuiet = batch.items.isEmpty
        store.books.withLock { books in
            books.noteDropped(batch.dropped, now: now)
            for item in batch.items {
                switch item {
                case .lines(let lines):
                    for line in lines { books.add(line, to: &output, now: now) }
                case .invocations(let records):
                    books.add(records, to: &output, now: now)
                case .forget(let function):
                    books.forget(function)
                }
            }
            // While a flood goes on, the next admitted record tells of the gap; afterwards this does.
            if isQuiet { books.reportAllDropped(to: &output, now: now) }
            books.trimAll()
        }
        write(output)
    }

    private mutating func write(_ output: LogFileOutput) {
        guard let files else { return }
        var failure: Int32 = 0
        for (function, lines) in output.bytes {
            let result = files.append(lines, to: function)
            if result != 0 { failure = result }
        }
        if failure != 0 && !isFailing {
            logger.error(
                "Function logs cannot be written; they are kept in memory only",
                metadata: ["error": .string(SystemError.text(failure)), "directory": .string(files.directory)])
        }
        isFailing = failure != 0
    }
}
