import Glibc

/// A thread of one's own, pthread_create(3), for work that blocks or waits in C: Swift's own threads are few and must
/// not. It gets no signals. Left alone it goes on by itself.
package struct DedicatedThread: ~Copyable, Sendable {
    private let thread: pthread_t

    /// Starts it.
    ///
    /// - Parameters:
    ///   - name: for whoever looks with `top -H`, at most 15 bytes. Nil: the name of the thread that starts it.
    ///   - stackBytes: nil: what the system gives, RLIMIT_STACK.
    /// - Throws: EAGAIN as a rule: the system has none left.
    package init(
        name: String? = nil, stackBytes: Int? = nil, _ body: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        if let stackBytes { pthread_attr_setstacksize(&attributes, stackBytes) }
        // Retained once here; taken once by the thread, or below when there is none.
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        // A thread inherits the mask, so that there is no moment at which it has another. Signals of the process are not
        // for threads that wait in somebody else's code. SIGPIPE is one too: TLS writes to sockets that the other side
        // has closed.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { context in
                if let context { Unmanaged<Start>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, start.toOpaque())
        pthread_sigmask(SIG_SETMASK, &before, nil)
        guard code == 0 else {
            start.release()
            throw SystemError(code)
        }
        self.thread = thread
    }

    deinit { pthread_detach(thread) }

    /// Whether this thread is the one that asks, which must not wait for itself.
    package var isCurrent: Bool { pthread_equal(thread, pthread_self()) != 0 }

    /// Waits until it has ended.
    package consuming func join() {
        pthread_join(thread, nil)
        discard self
    }

    /// Carries the closure through `pthread_create`.
    private final class Start: Sendable {
        private let name: String?
        private let body: @Sendable () -> Void

        init(name: String?, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }

        func run() {
            if let name { Self.setName(name) }
            body()
        }

        /// That it fails is no matter.
        private static func setName(_ name: String) {
            let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
            guard file >= 0 else { return }
            _ = write(file, name, name.utf8.count)
            close(file)
        }
    }
}
