package import BatchedWrites
package import Logging
package import NIOCore

/// Listens to channels on a connection of its own that is kept up for ever. Confined to its event loop.
///
/// Messages that are published while it is not connected are lost: after each `onConnected` its owner looks itself.
package final class RedisSubscription {
    package var onMessage: ((_ channel: String, _ payload: ByteBuffer) -> Void)?
    /// All channels are listened to, for the first time or again after a time without.
    package var onConnected: (() -> Void)?
    package var onStateChange: ((RedisConnectionState) -> Void)?

    private let connection: RedisConnection
    private var channels: Set<String>

    /// Called on the loop.
    package init(
        loop: any EventLoop, endpoint: RedisEndpoint, channels: [String] = [],
        settings: RedisConnectionSettings = RedisConnectionSettings(), logger: Logger, flushes: FlushQueue? = nil
    ) {
        connection = RedisConnection(
            loop: loop, endpoint: endpoint, settings: settings, logger: logger, flushes: flushes)
        self.channels = Set(channels)
        connection.takesPush = { [weak self] value in self?.take(value) ?? false }
        connection.setup = { [weak self] in self?.setup() ?? .ready }
        connection.onStateChange = { [weak self] state in self?.changed(state) }
    }

    package var state: RedisConnectionState { connection.state }

    package func start() { connection.start() }

    /// As ``RedisConnection/use(_:)``.
    package func use(_ endpoint: RedisEndpoint) { connection.use(endpoint) }

    package func close() { connection.close() }

    /// Listens to one more channel, at once or as soon as it is connected.
    package func subscribe(_ channel: String) {
        guard channels.insert(channel).inserted, connection.isReady else { return }
        connection.send(RedisCommand("SUBSCRIBE", channel)) { _ in }
    }

    package func unsubscribe(_ channel: String) {
        guard channels.remove(channel) != nil, connection.isReady else { return }
        connection.send(RedisCommand("UNSUBSCRIBE", channel)) { _ in }
    }

    /// One command for each channel, since each channel is answered apart.
    private func setup() -> RedisSetupStep {
        let wanted = channels
        return .run(wanted.map { RedisCommand("SUBSCRIBE", $0) }) { [weak self] replies in
            if let error = replies.lazy.compactMap(\.serverError).first {
                return .refuse(
                    RedisError(
                        .refused, "Redis refused the subscription: \(error).",
                        hint: "Check the channels that the user's ACL allows."))
            }
            return self?.catchUp(with: wanted) ?? .ready
        }
    }

    /// The channels may have changed meanwhile.
    private func catchUp(with subscribed: Set<String>) -> RedisSetupStep {
        let missing = channels.subtracting(subscribed).map { RedisCommand("SUBSCRIBE", $0) }
        let surplus = subscribed.subtracting(channels).map { RedisCommand("UNSUBSCRIBE", $0) }
        return .run(missing + surplus) { _ in .ready }
    }

    /// Takes a message; anything else is the answer to a command.
    private func take(_ value: RedisValue) -> Bool {
        guard case .array(let parts) = value, parts.count == 3, parts[0].string == "message",
            let channel = parts[1].string, let payload = parts[2].bytes
        else { return false }
        // It may have been on its way when it was unsubscribed.
        if channels.contains(channel) { onMessage?(channel, payload) }
        return true
    }

    private func changed(_ state: RedisConnectionState) {
        onStateChange?(state)
        if state == .ready, connection.isReady { onConnected?() }
    }
}
