/// What the descriptors are that init passes.
package enum DescriptorKind: UInt8, Hashable, Sendable, CaseIterable {
    /// lambda: one listening TCP socket.
    case listener = 1
    /// http: one connected TCP socket.
    case connection = 2
    /// stdio: the pipe end that writes the handler's standard input, then the one that reads its standard output.
    case stdio = 3
    /// exec: one connected Unix stream socket for each slot.
    case slots = 4

    /// One of them, for messages.
    var noun: String {
        switch self {
        case .listener: "listening socket of the handler"
        case .connection: "connection to the server"
        case .stdio: "pipe end of this direction"
        case .slots: "connected Unix socket"
        }
    }
}
