package import FunctionModel
import NIOCore
import RedisClient

extension EventStore {
    /// Makes a function known with its subscriptions and settings; what it had before is replaced.
    /// Events of disabled topics wait until these are not disabled any more. `together` says of which topics several
    /// events of one group are claimed at once, and how many at most; of others one after the other.
    package func configure(
        _ function: FunctionName, topics: [String], disabled: [String] = [], together: [String: Int] = [:],
        _ settings: EventFunctionSettings,
        _ done: @escaping (Result<Void, EventStoreError>) -> Void
    ) {
        var call = call("glo_configure", function.rawValue, String(topics.count))
        for topic in topics { call.add(topic) }
        if !disabled.isEmpty { call.add(option: "off", disabled.joined(separator: " ")) }
        let most = together.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        if !most.isEmpty { call.add(option: "together", most.joined(separator: " ")) }
        call.add(option: "attempts", settings.attempts)
        call.add(option: "base", settings.retryBaseMilliseconds)
        call.add(option: "cap", settings.retryCapMilliseconds)
        call.add(option: "maxAge", settings.maxAgeMilliseconds)
        call.add(option: "queue", settings.queue)
        call.add(option: "priority", settings.priority)
        call.add(option: "concurrency", settings.concurrency)
        call.add(option: "rateCount", settings.rate?.count)
        call.add(option: "ratePer", settings.rate?.perMilliseconds)
        call.add(option: "keep", settings.keepMilliseconds)
        call.add(option: "keepDead", settings.keepDeadMilliseconds)
        call.add(option: "keepPayload", settings.keepPayload ? 1 : 0)
        call.add(option: "onSuccess", settings.onSuccess)
        call.add(option: "onFailure", settings.onFailure)
        perform(call, { $0.text == "OK" ? () : nil }, done)
    }

    /// Ends a function's subscriptions; its events stay until it comes back or they are purged.
    package func withdraw(_ function: FunctionName, _ done: @escaping (Result<Void, EventStoreError>) -> Void) {
        perform(call("glo_withdraw", function.rawValue), { $0.text == "OK" ? () : nil }, done)
    }

    /// What each known function is subscribed to.
    package func topics(
        _ done: @escaping (Result<[(function: FunctionName, topics: [String])], EventStoreError>) -> Void
    ) {
        perform(call("glo_topics"), Self.readTopics, done)
    }

    private static func readTopics(_ value: RedisValue) -> [(function: FunctionName, topics: [String])]? {
        value.items?.compactMap { item in
            guard let texts = item.items?.map(\.text), let name = texts.first.flatMap({ $0 }),
                let function = FunctionName(name)
            else { return nil }
            return (function, texts.dropFirst().compactMap { $0 })
        }
    }
}
