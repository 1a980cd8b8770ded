package import AdminModel

/// Which events somebody wants to see.
package struct EventSelection: Hashable, Sendable {
    /// A function's name, or ``QueueInfo/deliveries``; nil is all functions.
    package var function: String?
    package var state: EventState?
    package var limit: Int
    package var offset: Int

    /// How many one answer may hold.
    package static let maximumLimit = 1000

    package init(function: String? = nil, state: EventState? = nil, limit: Int = 50, offset: Int = 0) {
        self.function = function
        self.state = state
        self.limit = limit
        self.offset = offset
    }
}
