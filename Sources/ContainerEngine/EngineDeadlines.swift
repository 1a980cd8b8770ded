/// How long each kind of call may take, in milliseconds. All are many times what is seen on a busy machine, and still more
/// than an emulated one with two slow cores needs, where a start takes 15 s. That the engine hangs is noticed by `ping`.
package struct EngineDeadlines: Sendable, Hashable {
    package var ping = 2_000
    package var inspect = 5_000
    package var create = 20_000
    package var start = 60_000
    package var kill = 10_000
    package var remove = 20_000
    package var importImage = 60_000
    /// A pull takes what it takes, but not for ever, and never so long without a byte.
    package var pull = 3_600_000
    package var pullStallSeconds = 120

    package init() {}

    enum Kind: String, Sendable {
        case ping
        case inspect
        case create
        case start
        case kill
        case remove
        case importImage
        case pull
    }

    func milliseconds(_ kind: Kind) -> Int {
        switch kind {
        case .ping: ping
        case .inspect: inspect
        case .create: create
        case .start: start
        case .kill: kill
        case .remove: remove
        case .importImage: importImage
        case .pull: pull
        }
    }
}
