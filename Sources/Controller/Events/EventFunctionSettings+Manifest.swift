import EventStore
import FunctionModel

extension EventFunctionSettings {
    /// What the manifest says, as the store keeps it.
    init(_ settings: AsyncSettings) {
        self.init()
        attempts = settings.attempts
        retryBaseMilliseconds = settings.backoffBaseMilliseconds
        retryCapMilliseconds = settings.backoffCapMilliseconds
        maxAgeMilliseconds = settings.maxAgeMilliseconds
        queue = settings.queue
        priority = settings.priority
        concurrency = settings.concurrency
        rate = settings.rate.map { Rate(count: $0.count, perMilliseconds: $0.perMilliseconds) }
        keepMilliseconds = settings.resultRetentionMilliseconds
        keepDeadMilliseconds = settings.deadRetentionMilliseconds
        keepPayload = settings.keepsPayload
        onSuccess = settings.onSuccess?.target
        onFailure = settings.onFailure?.target
    }
}

extension EventDestination {
    /// The destination as the store keeps it; see ``DestinationSigner`` for the forms of URLs.
    var target: String {
        switch self {
        case .topic(let name): "topic:\(name)"
        case .function(let name): "function:\(name)"
        case .cloudEvent(let url, secret: nil): "cloudevent:\(url)"
        case .cloudEvent(let url, secret: let secret?): "cloudevent+\(secret):\(url)"
        case .url(let url, secret: nil): "url:\(url)"
        case .url(let url, secret: let secret?): "url+\(secret):\(url)"
        }
    }
}
