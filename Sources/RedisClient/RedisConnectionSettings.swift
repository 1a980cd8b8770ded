/// The limits of a connection.
package struct RedisConnectionSettings: Sendable, Hashable {
    /// What `CLIENT LIST` shows.
    package var clientName = "glo"
    /// Time limit to connect, and of each sentinel.
    package var connectTimeoutMilliseconds = 2000
    /// Time limit of each command of the setup.
    package var setupTimeoutMilliseconds = 5000
    /// A connection whose oldest command waits longer is made anew.
    package var stuckAfterMilliseconds = 10_000
    /// How often a connection that says nothing is looked after: one without work is asked for a sign of life, and
    /// behind one that owes an answer the sentinels are asked for another master.
    package var lookMilliseconds = 500
    /// Commands that may wait for their answers at once.
    package var pendingLimit = 100_000

    package init() {}
}
