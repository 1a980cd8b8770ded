import FunctionModel

/// One moment on both clocks.
struct LogMoment: Sendable {
    let monotonic: MonotonicTime
    let unixMilliseconds: Int64
}
