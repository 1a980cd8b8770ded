package import RedisClient

/// Which Redis keeps the events.
package enum RedisChoice: Hashable, Sendable {
    /// None: the controller runs without events.
    case off
    /// A `redis-server` of the controller's own, in the state directory.
    case own
    /// Somebody else's.
    case outside(RedisEndpoint)

    /// Reads a URL; throws what is wrong with it and what to do.
    package init(url: String) throws(ControllerError) {
        do throws(RedisError) {
            self = .outside(try RedisEndpoint(url: url))
        } catch {
            throw ControllerError(.configuration, error.message, hint: error.hint)
        }
    }
}

/// When the controller's own Redis writes its file through to the disk.
package enum RedisFsync: String, Hashable, Sendable, CaseIterable {
    /// Before it answers: nothing that was accepted is lost at a power cut.
    case always
    /// Each second. For tests that have to find losses.
    case everysec
}
