/// Which dead letters of a function shall run again, or be removed.
package struct DeadLetterRequest: Codable, Hashable, Sendable {
    /// The function's name, or ``QueueInfo/deliveries``.
    package var function: String
    /// Only these; nil is all.
    package var ids: [String]?
    /// Only those that died at this Unix time in milliseconds or later.
    package var sinceMilliseconds: Int64?
    /// At most so many, the oldest first.
    package var limit: Int

    /// How many one request may take.
    package static let maximumLimit = 1000

    package init(function: String, ids: [String]? = nil, sinceMilliseconds: Int64? = nil, limit: Int) {
        self.function = function
        self.ids = ids
        self.sinceMilliseconds = sinceMilliseconds
        self.limit = limit
    }

    enum CodingKeys: String, CodingKey {
        case function, ids
        case sinceMilliseconds = "since"
        case limit
    }
}
