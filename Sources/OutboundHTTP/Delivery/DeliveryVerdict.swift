/// What a receiver's answer means for the delivery of an event.
package enum DeliveryVerdict: Sendable, Hashable {
    case delivered
    /// The receiver wants no more of these, ever (410).
    case gone
    /// Try again; `afterSeconds` is how long the receiver asked to be left alone, if it did.
    case retry(afterSeconds: Int?)
    /// The same request would get the same answer.
    case giveUp

    /// - Parameters:
    ///   - status: of the final response. Redirects are not followed: they would lead where nobody allowed to go.
    ///   - retryAfter: the value of its field `Retry-After`.
    ///   - nowSeconds: in seconds since 1970.
    package init(status: Int, retryAfter: String? = nil, nowSeconds: Int) {
        switch status {
        case 200...299: self = .delivered
        case 410: self = .gone
        case 408, 425, 429, 500...599:
            self = .retry(afterSeconds: retryAfter.flatMap { RetryAfter.seconds($0, nowSeconds: nowSeconds) })
        default: self = .giveUp
        }
    }
}
