import CLinux
import Glibc
import LinuxSystem
import Synchronization

/// Tells what changes in the functions directory, from one thread that sleeps in the kernel until something does.
final class DirectoryWatcher: Sendable {
    /// Ends after ``stop()``.
    let changes: AsyncStream<WatchChange>
    /// Whether the directory was there and could be watched at the start.
    let isWatching: Bool
    /// A second descriptor of the eventfd that the thread waits for; nil when it is closed.
    private let wakeup: Mutex<Int32?>

    /// When it returns, everything that is there is watched, so that what is listed after it cannot change unseen.
    init(root: String) throws(SystemCallError) {
        let (stream, continuation) = AsyncStream.makeStream(of: WatchChange.self)
        changes = stream
        let eventfd = try FileDescriptor(clinux_eventfd(), "eventfd", root)
        let copy = fcntl(eventfd.number, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw SystemCallError(call: "dup", path: root, number: errno) }
        wakeup = Mutex(copy)
        let loop = try WatchLoop(root: root, stop: eventfd) { continuation.yield($0) }
        isWatching = loop.isArmed
        let box = LoopBox(loop)
        do throws(SystemError) {
            _ = try DedicatedThread {
                box.run()
                continuation.finish()
            }
        } catch {
            throw SystemCallError(call: "pthread_create", path: root, number: error.number)
        }
    }

    deinit { stop() }

    /// Ends the thread and the stream. It may be called again.
    func stop() {
        wakeup.withLock { number in
            guard let open = number else { return }
            var one: UInt64 = 1
            write(open, &one, 8)
            close(open)
            number = nil
        }
    }

    /// Carries the loop to its thread.
    private final class LoopBox: Sendable {
        private let loop: Mutex<WatchLoop>

        init(_ loop: consuming sending WatchLoop) { self.loop = Mutex(loop) }

        func run() { loop.withLock { $0.run() } }
    }
}
