import EventStore

// The module's name is also its class's, so its types cannot be told apart from others of their name by it.
typealias StoredState = EventState
typealias StoredResult = EventResult
