/// Whether something keeps the clock right.
package enum ClockCheck {
    static let subject = Subject(
        "clock", "Clock", good: "synchronised, off by less than a second",
        why: "Schedules, expiry times, TLS and signed requests go by the clock.")

    package static func finding(_ source: HostSource) -> Finding {
        guard let clock = source.clock() else {
            return subject.warn("the kernel does not tell", fix: "See `timedatectl`.")
        }
        let milliseconds = clock.maximumErrorMicroseconds / 1000
        guard clock.isSynchronized else {
            return subject.warn(
                "not synchronised", fix: "apt-get install chrony (or: timedatectl set-ntp true). See `timedatectl`.")
        }
        let saw = "synchronised, off by at most \(milliseconds) ms"
        return milliseconds < 1000
            ? subject.ok(saw) : subject.warn(saw, fix: "See `chronyc tracking` or `timedatectl`.")
    }
}
