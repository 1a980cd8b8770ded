import NIOCore

/// Decides when a connection that is kept up for ever connects, serves and waits. Pure: time and chance are passed in.
///
/// An event that comes too late for its state means nothing.
struct RedisConnectionStateMachine {
    enum Action: Equatable {
        case none
        /// Look for the server and connect.
        case connect
        /// Log in and run the setup on the new connection.
        case setUp
        /// Tell the owner.
        case announceReady
        /// Drop the connection, if there is one, and report `retryDue` after this long.
        case retry(after: TimeAmount)
        /// Drop whatever is there.
        case close
    }

    private enum Phase {
        case idle
        case connecting
        case settingUp
        case ready(since: NIODeadline)
        case backingOff
        case closed
    }

    private var phase = Phase.idle
    /// Failures in a row.
    private(set) var failures = 0

    static let firstDelay = TimeAmount.milliseconds(50)
    static let longestDelay = TimeAmount.seconds(2)
    /// A connection that lasted so long was a good one: the next delay is a short one again.
    static let goodAfter = TimeAmount.seconds(2)

    var state: RedisConnectionState {
        switch phase {
        case .idle: .idle
        case .connecting: .connecting
        case .settingUp: .settingUp
        case .ready: .ready
        case .backingOff: .backingOff
        case .closed: .closed
        }
    }

    var isReady: Bool {
        guard case .ready = phase else { return false }
        return true
    }

    mutating func start() -> Action {
        guard case .idle = phase else { return .none }
        phase = .connecting
        return .connect
    }

    mutating func connected() -> Action {
        guard case .connecting = phase else { return .none }
        phase = .settingUp
        return .setUp
    }

    mutating func setupFinished(at now: NIODeadline) -> Action {
        guard case .settingUp = phase else { return .none }
        phase = .ready(since: now)
        return .announceReady
    }

    /// The connection could not be made, was refused by the setup, or went away.
    /// - Parameter fraction: from 0 to 1, the share of the longest delay that is waited ("full jitter").
    mutating func failed(at now: NIODeadline, fraction: Double) -> Action {
        switch phase {
        case .connecting, .settingUp: break
        case .ready(let since): if now - since >= Self.goodAfter { failures = 0 }
        case .idle, .backingOff, .closed: return .none
        }
        let delay = Self.delay(failures: failures, fraction: fraction)
        failures += 1
        phase = .backingOff
        return .retry(after: delay)
    }

    mutating func retryDue() -> Action {
        guard case .backingOff = phase else { return .none }
        phase = .connecting
        return .connect
    }

    /// The server is known to be there: connects at once instead of after the delay, for the first time too.
    mutating func hurry() -> Action {
        switch phase {
        case .idle, .backingOff:
            phase = .connecting
            failures = 0
            return .connect
        case .connecting, .settingUp, .ready, .closed: return .none
        }
    }

    mutating func close() -> Action {
        if case .closed = phase { return .none }
        phase = .closed
        return .close
    }

    /// Between nothing and 50 ms after the first failure; the upper bound doubles up to two seconds.
    private static func delay(failures: Int, fraction: Double) -> TimeAmount {
        let doubled = firstDelay.nanoseconds << Int64(min(failures, 10))
        let longest = min(doubled, longestDelay.nanoseconds)
        return .nanoseconds(Int64(Double(longest) * min(max(fraction, 0), 1)))
    }
}
