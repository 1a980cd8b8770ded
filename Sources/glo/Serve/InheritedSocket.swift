import Glibc

/// A listening socket that systemd has opened for this process, so that a restart refuses no connection: clients wait in
/// the socket's queue until the next controller accepts them (sd_listen_fds(3)).
enum InheritedSocket {
    /// The first descriptor that is passed on.
    static let firstDescriptor: CInt = 3

    private static let variables = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"]

    /// The socket for the public listener, or nil when this process was passed none.
    ///
    /// - Throws: `.usage` when it was passed several, or something that does not listen.
    static func find(
        environment: [String: String], pid: pid_t, listens: (CInt) -> Bool
    ) throws(CommandFailure) -> CInt? {
        guard let text = environment["LISTEN_PID"], pid_t(text) == pid else { return nil }
        guard let count = Int(environment["LISTEN_FDS"] ?? ""), count > 0 else { return nil }
        guard count == 1 else {
            throw CommandFailure(
                .usage, "\(count) sockets are passed on, and glo serve takes one: the public listener",
                hint: "Leave one ListenStream= in glo.socket.")
        }
        guard listens(firstDescriptor) else {
            throw CommandFailure(
                .usage, "the socket that is passed on does not listen",
                hint: "glo.socket needs ListenStream= and Accept=no.")
        }
        return firstDescriptor
    }

    /// Of this process. No child is to believe that the socket is meant for it.
    static func take(environment: [String: String]) throws(CommandFailure) -> CInt? {
        let descriptor = try find(environment: environment, pid: getpid(), listens: isListening)
        for variable in variables { unsetenv(variable) }
        return descriptor
    }

    private static func isListening(_ descriptor: CInt) -> Bool {
        var answer: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &answer, &size) == 0 && answer == 1
    }
}
