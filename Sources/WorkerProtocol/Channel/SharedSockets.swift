import CEventLoop
import CLinux
import Glibc
import LinuxSystem
import NIOCore
import Synchronization

/// Watches over sockets that an init has passed and still has itself: it shares the open file, so it can make it blocking
/// again at any moment, and the event loop would wait in a call for ever. A thread looks a few times a second whether the
/// loop waits in a call about one of them; such a socket is shut down, which ends the call, and with it the worker.
///
/// That it ends and is there again at any moment is `CEventLoop`'s matter.
///
/// A copy of each is held, so that the loop's own close is never the last one: that one waits as long as SO_LINGER says.
final class SharedSockets: Sendable {
    static let shared = SharedSockets()

    /// Names a socket that is watched. Its descriptor's number alone does not: another may have it soon.
    struct Token: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    private struct Entry {
        /// The one that the loop uses.
        let descriptor: Int32
        let thread: pid_t
        let copy: Int32
    }

    private struct State {
        var entries: [Token: Entry] = [:]
        var isWatching = false
        var lastNumber: UInt64 = 0
    }

    /// Two looks in a row find the same wait before it counts.
    private static let pauseMicroseconds: UInt32 = 100_000

    private let state = Mutex(State())

    /// Called on the event loop that will use the socket.
    func enter(_ descriptor: Int32) -> Token {
        ceventloop_guard(descriptor)
        let copy = clinux_copy_descriptor(descriptor)
        let (token, starts) = state.withLock { state in
            state.lastNumber += 1
            let token = Token(number: state.lastNumber)
            guard copy >= 0 else { return (token, false) }
            state.entries[token] = Entry(descriptor: descriptor, thread: clinux_thread_id(), copy: copy)
            defer { state.isWatching = true }
            return (token, !state.isWatching)
        }
        if starts, !startWatching() { state.withLock { $0.isWatching = false } }
        return token
    }

    /// The loop has closed it.
    func leave(_ token: Token) {
        let entry = state.withLock { $0.entries.removeValue(forKey: token) }
        guard let entry else { return }
        // Nothing more is wanted of it, so nothing needs to be waited for.
        var none = linger(l_onoff: 0, l_linger: 0)
        _ = setsockopt(entry.copy, SOL_SOCKET, SO_LINGER, &none, socklen_t(MemoryLayout<linger>.size))
        close(entry.copy)
    }

    /// It is closed with this channel.
    func leave(_ token: Token, with channel: any Channel) {
        channel.closeFuture.assumeIsolated().whenComplete { _ in self.leave(token) }
    }

    private func startWatching() -> Bool {
        do throws(SystemError) {
            _ = try DedicatedThread { SharedSockets.shared.watch() }
            return true
        } catch {
            return false
        }
    }

    /// Runs while there are sockets.
    private func watch() {
        var suspected: [pid_t: Int32] = [:]
        while true {
            usleep(Self.pauseMicroseconds)
            let threads = state.withLock { state -> Set<pid_t> in
                state.isWatching = !state.entries.isEmpty
                return Set(state.entries.values.map(\.thread))
            }
            if threads.isEmpty { return }
            var waiting: [pid_t: Int32] = [:]
            for thread in threads {
                var descriptor: Int32 = -1
                if clinux_waits_on_descriptor(thread, &descriptor) { waiting[thread] = descriptor }
            }
            for (thread, descriptor) in waiting where suspected[thread] == descriptor { release(descriptor, thread) }
            suspected = waiting
        }
    }

    private func release(_ descriptor: Int32, _ thread: pid_t) {
        state.withLock { state in
            let found = state.entries.filter { $0.value.descriptor == descriptor && $0.value.thread == thread }
            // Of an older one with this number the loop has only not been told yet that it is closed.
            guard let entry = found.max(by: { $0.key.number < $1.key.number })?.value else { return }
            clinux_silence_socket(entry.copy)
        }
    }
}
