/// What Glo's own Redis does.
package enum RedisServerState: Sendable, Hashable {
    /// It is started or found; nil until it says how much of its data it has read.
    case starting(RedisLoading?)
    /// It answers. After each start the function library must be loaded anew by whoever finds it missing.
    case ready(RedisAccess)
    /// It ended or cannot be started; it is tried again, for ever.
    case down(RedisProcessError)
    /// It was ended because that was asked for, or left to itself. Nothing follows.
    case stopped
}
