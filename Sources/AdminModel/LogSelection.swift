/// Which records of the functions' logs are wanted.
package struct LogSelection: Hashable, Sendable {
    /// Nil is all functions.
    package var function: String?
    /// How many records from before, at most.
    package var tail = 100
    /// Whether those that come are wanted too.
    package var follow = false
    /// Unix time in milliseconds; older ones are left out.
    package var sinceMilliseconds: Int64?
    /// The id of an invocation; only what belongs to it.
    package var invocation: String?
    /// What is less serious is left out.
    package var level: LogLevel?
    /// A text that the record's line has to contain.
    package var text: String?

    package init() {}
}
