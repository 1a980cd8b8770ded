/// What has to hold for a run to pass. Lost events, lies and ends of the controller that nobody caused are never allowed.
struct Bars: Codable, Hashable, Sendable {
    /// Of the accepted events, how many of a hundred may run to their end twice.
    var runTwicePercent = 0.2
    /// 99 of 100 recoveries are over by then.
    var recoverySeconds = 12.0
}
