/// How often something happened to Glo's own Redis since the controller began.
package struct RedisServerCounts: Sendable, Hashable {
    package let starts: Int
    /// An earlier controller's server was found and kept.
    package let adoptions: Int
    /// Ends that nobody asked for, and starts that failed.
    package let unexpectedEnds: Int
}
