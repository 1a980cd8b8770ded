import AdminModel
import ArgumentParser

/// Waits for an invocation's end, in requests of at most a minute.
struct EventWait {
    let client: AdminClient

    /// What is known of the invocation when it has ended, or the time is over.
    func info(
        _ id: String, waiting time: WaitTime, withPayload: Bool
    ) throws(CommandFailure) -> AdminClient.Reply<EventInfo> {
        var left = time.seconds
        while true {
            let seconds = min(left ?? AdminPath.maximumWaitSeconds, AdminPath.maximumWaitSeconds)
            var query = [("wait", String(seconds))]
            if withPayload { query.append(("payload", "true")) }
            let reply = try client.get(
                AdminPath.invocation(id) + QueryText.of(query), timeoutMilliseconds: (seconds + 10) * 1000,
                as: EventInfo.self)
            left = left.map { $0 - seconds }
            if reply.document.summary.state.hasEnded || left == 0 { return reply }
        }
    }

    /// - Throws: exit code 1 unless the invocation succeeded.
    static func check(_ info: EventInfo, waited time: WaitTime) throws {
        switch info.summary.state {
        case .succeeded: return
        case .dead: throw ExitCode(ExitStatus.failed.rawValue)
        case .cancelled: throw CommandFailure(.failed, "invocation \(info.summary.id) was cancelled")
        case .queued, .delayed, .running:
            throw CommandFailure(
                .failed, "invocation \(info.summary.id) is still \(info.summary.state.rawValue) after \(time)")
        }
    }
}
