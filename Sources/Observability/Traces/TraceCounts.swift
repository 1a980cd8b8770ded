/// What became of the invocations whose spans were to be sent.
package struct TraceCounts: Sendable, Hashable {
    package var sent = 0
    /// They did not fit into the buffer.
    package var dropped = 0
    /// The collector did not take them.
    package var failed = 0

    package init() {}
}
