import Glibc

/// A thread of one's own, for a loop that waits in C. Left alone it goes on by itself.
struct DedicatedThread: ~Copyable, Sendable {
    private let thread: pthread_t

    /// Starts it; nil when the system has none left.
    ///
    /// - Parameter name: for whoever looks with `top -H`, at most 15 bytes.
    init?(name: String, _ body: @escaping @Sendable () -> Void) {
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, 512 << 10)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { context in
                guard let context else { return nil }
                // Signals of the process are not for threads that wait in somebody else's code. SIGPIPE is one too:
                // TLS writes to sockets that the other side has closed.
                var all = sigset_t()
                sigfillset(&all)
                pthread_sigmask(SIG_SETMASK, &all, nil)
                let start = Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
                start.setName()
                start.body()
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            return nil
        }
        self.thread = thread
    }

    deinit { pthread_detach(thread) }

    /// Waits until it has ended.
    consuming func join() {
        pthread_join(thread, nil)
        discard self
    }

    /// Carries the closure through `pthread_create`.
    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }

        /// That it fails is no matter.
        func setName() {
            let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
            guard file >= 0 else { return }
            _ = write(file, name, name.utf8.count)
            close(file)
        }
    }
}
