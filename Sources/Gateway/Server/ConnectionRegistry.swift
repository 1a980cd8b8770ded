import LinuxSystem

/// All open connections, and how many each client has.
struct ConnectionRegistry {
    private(set) var connections: [ConnectionHandler] = []
    /// Connections that are being turned away.
    private(set) var refusals = 0
    private var perClient: [IPAddress: Int] = [:]

    var count: Int { connections.count }

    /// How many connections this client has.
    func count(of client: IPAddress) -> Int { perClient[client.clientKey, default: 0] }

    mutating func insert(_ connection: ConnectionHandler) {
        connection.registryIndex = connections.count
        connections.append(connection)
        if connection.isRefused { refusals += 1 }
        if let client = connection.peer.address { perClient[client.clientKey, default: 0] += 1 }
    }

    /// Takes the connection out; the last one takes its place.
    mutating func remove(_ connection: ConnectionHandler) {
        guard let index = connection.registryIndex else { return }
        connection.registryIndex = nil
        if connection.isRefused { refusals -= 1 }
        let last = connections.removeLast()
        if last !== connection {
            connections[index] = last
            last.registryIndex = index
        }
        guard let client = connection.peer.address?.clientKey, let count = perClient[client] else { return }
        perClient[client] = count > 1 ? count - 1 : nil
    }
}
