package import Logging
import NIOCore
package import RedisClient

/// Typed calls of the functions in `glo.lua`, for one namespace.
///
/// Confined to the connection's event loop; every callback comes on it, once. Nothing is tried again here: whoever
/// calls knows whether a second try is safe (``EventStoreError/mayHaveHappened``).
package final class EventStore {
    /// Between `glo:{` and `}` in every key.
    package let namespace: String
    /// Milliseconds that an answer may take.
    package var timeoutMilliseconds = 2_000

    let connection: RedisConnection
    let key: ByteBuffer
    let logger: Logger
    var room = RoomSearch()

    /// The rule of a namespace in words, for error messages.
    package static let namespaceRule = "a namespace has 1 to 40 characters of a-z, 0-9 and '-'"

    /// The namespace has to be valid, see ``isValid(namespace:)``.
    package init(connection: RedisConnection, namespace: String, logger: Logger = Logger(label: "glo.events")) {
        precondition(Self.isValid(namespace: namespace), Self.namespaceRule)
        self.connection = connection
        self.namespace = namespace
        self.logger = logger
        key = ByteBuffer(string: "glo:{\(namespace)}")
    }

    package static func isValid(namespace: String) -> Bool {
        (1...40).contains(namespace.utf8.count)
            && namespace.utf8.allSatisfy {
                (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
            }
    }

    /// Channel of hints: the name of a queue that has work, or `!` and the id of a run that is to be cancelled.
    package var wakeChannel: String { "glo:{\(namespace)}:wake" }
    /// Channel of hints: ids of events that ended.
    package var doneChannel: String { "glo:{\(namespace)}:done" }
}
