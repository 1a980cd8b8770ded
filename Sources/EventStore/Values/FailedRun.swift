package import NIOCore

/// How a run failed.
package struct FailedRun: Sendable {
    package var version: String
    /// JSON, as the function or Glo worded it.
    package var error: ByteBuffer
    /// The last lines that it logged.
    package var log: ByteBuffer
    /// 0 ..< 1: the part of the greatest delay that is waited.
    package var random: Double
    /// At least this long, when the function said so.
    package var retryAfterMilliseconds: Int?
    /// Further tries are of no use.
    package var isFinal: Bool

    package init(
        version: String, error: ByteBuffer, log: ByteBuffer = ByteBuffer(), random: Double,
        retryAfterMilliseconds: Int? = nil, isFinal: Bool = false
    ) {
        self.version = version
        self.error = error
        self.log = log
        self.random = random
        self.retryAfterMilliseconds = retryAfterMilliseconds
        self.isFinal = isFinal
    }
}
