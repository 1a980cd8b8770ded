import Synchronization

/// Remembers which state of the files was found damaged, so that they are read again only when somebody has changed
/// them; and whether somebody gave up the search for a server.
final class DamageMemory: Sendable {
    private struct Known {
        var fingerprint: String
        var error: RedisProcessError
    }

    private let known = Mutex<Known?>(nil)
    private let isCancelled = Mutex(false)

    /// Why Redis is not started on files in that state; nil when that is not known.
    func error(of fingerprint: String) -> RedisProcessError? {
        known.withLock { $0?.fingerprint == fingerprint ? $0?.error : nil }
    }

    func note(_ error: RedisProcessError, of fingerprint: String) {
        known.withLock { $0 = Known(fingerprint: fingerprint, error: error) }
    }

    /// Whether any damage was found and told since the start.
    var knowsDamage: Bool { known.withLock { $0 != nil } }

    /// All is well again.
    func forget() { known.withLock { $0 = nil } }

    func cancel() { isCancelled.withLock { $0 = true } }

    var hasBeenCancelled: Bool { isCancelled.withLock(\.self) }
}
