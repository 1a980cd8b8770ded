extension DescriptorKind {
    /// What a passed descriptor is good for.
    enum Verdict: Hashable, Sendable {
        case right
        /// It was right when init sent it, for all that can be told: the server has closed the connection since.
        case connectionIsOver
        case wrong
    }

    /// Judges one descriptor of a message of this kind: what the event loop is given must be what it takes it for, in
    /// the right direction, or its own checks would end the process.
    /// - Parameters:
    ///   - index: its place in the message.
    ///   - port: the one that the message names.
    func judge(_ facts: DescriptorFacts, at index: Int, port: UInt16) -> Verdict {
        switch (self, facts.sort) {
        case (.listener, .tcpListener(let end)): end.isLoopback && end.port == port ? .right : .wrong
        case (.connection, .tcpConnection(let peer)): peer.isLoopback && peer.port == port ? .right : .wrong
        case (.connection, .tcpUnconnected): .connectionIsOver
        case (.slots, .unixConnection): .right
        case (.stdio, .pipe(let reads, let writes)): writes == (index == 0) && reads == (index == 1) ? .right : .wrong
        case (.listener, _), (.connection, _), (.slots, _), (.stdio, _): .wrong
        }
    }
}
