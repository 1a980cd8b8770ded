/// Bounds of the function logs.
package struct LogLimits: Sendable {
    /// Of one function, in bytes a second; what comes faster is counted and left out.
    package var bytesPerSecond = 1_000_000
    /// Records of one function that are kept in memory.
    package var maximumEntries = 1000
    /// Memory of one function's records, in bytes.
    package var maximumBytes = 128 << 10
    /// Memory of all records, in bytes.
    package var maximumTotalBytes = 8 << 20
    /// Ends of invocations of one function that are kept in memory.
    package var maximumInvocations = 1000
    /// Ends of invocations of all functions together that are kept in memory; each costs about 130 bytes.
    package var maximumTotalInvocations = 50_000
    /// How long ends of invocations are kept, in milliseconds.
    package var maximumInvocationAgeMilliseconds: Int64 = 24 * 3_600_000
    /// Size of one log file, in bytes.
    package var maximumFileBytes = 10 << 20
    /// Files of one function, the current one included.
    package var maximumFiles = 3
    /// Bytes that wait for the writer; what comes on top is counted and left out.
    package var maximumWaitingBytes = 8 << 20
    /// Bytes of one line; longer ones are cut.
    package var maximumLineBytes = 64 << 10
    /// How long the writer lets records gather before it takes them, in milliseconds.
    package var gatherMilliseconds: Int32 = 50

    package init() {}
}
