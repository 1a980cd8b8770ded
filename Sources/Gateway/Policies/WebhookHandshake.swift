import DispatchCore
import FunctionModel
import HTTPCodec

/// The question of a sender of CloudEvents whether it may send here (HTTP 1.1 Web Hooks for Event Delivery, 4).
enum WebhookHandshake {
    static func isAsked(_ head: HTTPRequestHead) -> Bool {
        head.method == .options && head.fields.contains("webhook-request-origin")
    }

    /// Whether the gateway answers for the route. A server that takes OPTIONS itself is asked itself.
    static func answers(for route: Route) -> Bool {
        route.contract != .http || route.mode == .async || route.topic != nil
    }

    /// Any sender may, as often as the route's limit allows, in requests a minute.
    static func fields(_ policies: RoutePolicies?) -> HTTPFields {
        var rate = "*"
        if let limit = policies?.rateLimit?.rate {
            rate = "\(max(1, limit.count * 60_000 / limit.perMilliseconds))"
        }
        return HTTPFields([
            ("WebHook-Allowed-Origin", "*"), ("WebHook-Allowed-Rate", rate), ("Allow", "POST, OPTIONS"),
        ])
    }
}
