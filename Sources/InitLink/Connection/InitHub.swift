private import CLinux
private import LinuxSystem
import Glibc
package import Logging
private import Synchronization

/// Serves the connections to all inits on one thread of its own, which sleeps unless something comes.
package final class InitHub: Sendable {
    private let core: HubCore
    private let thread: Mutex<DedicatedThread?>

    /// Starts the thread.
    ///
    /// - Parameter lifeline: goes to every init, which ends when it hangs up.
    package init(logger: Logger, lifeline: Lifeline? = nil) throws(InitLinkError) {
        core = try HubCore(logger: logger, lifeline: lifeline)
        thread = Mutex(try Self.startThread(core))
    }

    deinit { shutdown() }

    /// Makes the socket `init.sock`, open to every user, in a directory and waits there for one init. Once that has
    /// come, the socket is closed and removed: nobody else can speak for the container. Stays open until ``InitConnection/close()``.
    package func listen(
        directory: String, delegate: any InitConnectionDelegate
    ) throws(InitLinkError) -> InitConnection {
        let place = OwnedDescriptor(owning: clinux_open_place(directory))
        guard place.raw >= 0 else {
            throw InitLinkError(.system, "the directory \(directory) cannot be opened", systemError: clinux_errno())
        }
        let socket = OwnedDescriptor(owning: clinux_listen_unix_at(place.raw, InitConnection.socketName))
        guard socket.raw >= 0 else {
            throw InitLinkError(
                .system, "the socket \(directory)/\(InitConnection.socketName) cannot be made",
                systemError: clinux_errno())
        }
        do throws(InitLinkError) {
            return try core.add(socket: socket, directory: place, delegate: delegate)
        } catch {
            _ = unlinkat(place.raw, InitConnection.socketName, 0)
            throw error
        }
    }

    /// Ends all connections (every init then kills its workers and exits) and waits until the thread has. Called on
    /// the hub's thread itself, by a delegate, it does not wait.
    package func shutdown() {
        core.requestStop()
        guard let running = thread.withLock({ $0.take() }) else { return }
        if !running.isCurrent { running.join() }
    }

    private static func startThread(_ core: HubCore) throws(InitLinkError) -> DedicatedThread {
        do throws(SystemError) {
            return try DedicatedThread { core.run() }
        } catch {
            throw InitLinkError(
                .system, "the thread for init connections cannot be started", systemError: error.number)
        }
    }
}
