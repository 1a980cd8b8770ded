import Glibc

/// A thread of our own: the writer blocks in system calls, which must never happen on a thread of Swift's pool.
struct WriterThread: Sendable {
    private let thread: pthread_t

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a thread. The body is retained once for it, and let go by it or, when there is no thread, here.
    init(_ body: @escaping @Sendable () -> Void) throws(LogStoreError) {
        let retained = Unmanaged.passRetained(Body(body))
        // The thread inherits the mask: signals are for the threads that the service group chose.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        var thread = pthread_t()
        let result = pthread_create(&thread, nil, Self.enter, retained.toOpaque())
        pthread_sigmask(SIG_SETMASK, &before, nil)
        guard result == 0 else {
            retained.release()
            throw LogStoreError(.noThread, "the thread of the log writer cannot be started", errno: result)
        }
        self.thread = thread
    }

    /// Waits until the body has returned. Called once.
    func join() { pthread_join(thread, nil) }

    private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
    }
}
