/// What a Redis that is not Glo's own answered about itself.
package struct OutsideRedisFacts: Sendable, Hashable {
    /// The answer to one command.
    package enum Answer<Value: Sendable & Hashable>: Sendable, Hashable {
        case value(Value)
        /// The error's text. Managed services refuse CONFIG, for example.
        case refused(String)

        package var value: Value? {
            switch self {
            case .value(let value): value
            case .refused: nil
            }
        }
    }

    /// `INFO server`
    package var server: Answer<String>
    /// `INFO persistence`
    package var persistence: Answer<String>
    /// `INFO memory`
    package var memory: Answer<String>
    /// `INFO replication`
    package var replication: Answer<String>
    /// `CONFIG GET maxmemory-policy appendonly appendfsync save maxmemory`, as names and values.
    package var settings: Answer<[String: String]>

    package init(
        server: Answer<String>, persistence: Answer<String>, memory: Answer<String>, replication: Answer<String>,
        settings: Answer<[String: String]>
    ) {
        self.server = server
        self.persistence = persistence
        self.memory = memory
        self.replication = replication
        self.settings = settings
    }
}
