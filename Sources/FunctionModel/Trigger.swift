/// What makes a function run.
package enum Trigger: Hashable, Sendable {
    case http(HTTPTrigger)
    case topic(TopicTrigger)
    case schedule(ScheduleTrigger)
}

/// A route.
package struct HTTPTrigger: Hashable, Sendable {
    /// The pattern, such as `/hello/{id}` or `/files/{rest+}`.
    package var path: String
    /// Method names in capitals; nil is any.
    package var methods: [String]?
    package var mode = Mode.sync
    package var topic: String?

    package enum Mode: String, Hashable, Sendable, CaseIterable {
        case sync
        case async
    }

    package init(path: String, methods: [String]? = nil, mode: Mode = .sync) {
        self.path = path
        self.methods = methods
        self.mode = mode
    }
}

/// A subscription to a topic.
package struct TopicTrigger: Hashable, Sendable {
    package var name: String
    package var batch: Int?
    package var reportsBatchItemFailures = true
    package var windowMilliseconds = 0

    package init(name: String) { self.name = name }
}

/// A clock.
package struct ScheduleTrigger: Hashable, Sendable {
    package var cron: String?
    package var everyMilliseconds: Int?
    package var timezone = "UTC"
    package var overlap = Overlap.skip
    /// What is made up for after a stop.
    package var catchUp = CatchUp.last
    /// The event; nil is Lambda's scheduled event.
    package var input: String?

    package enum CatchUp: String, Hashable, Sendable, CaseIterable {
        case none
        case last
        case all
    }

    package enum Overlap: String, Hashable, Sendable, CaseIterable {
        case allow
        case skip
        case replace
    }

    package init() {}
}
