import Logging
import NIOCore
import NIOPosix
package import RedisClient
import RedisServer

/// A look at a Redis that is not the controller's own, for whoever does not run one.
package enum OutsideRedisInspection {
    /// What would happen to events there.
    package struct Report: Sendable {
        /// Why it loses events.
        package var refusals: [String] = []
        package var warnings: [String] = []
        /// Why it could not be asked.
        package var problem: String?
    }

    /// Connects, asks, and goes away.
    package static func report(on endpoint: RedisEndpoint, milliseconds: Int = 5_000) async -> Report {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let report = await ask(endpoint, on: group.next(), milliseconds)
        try? await group.shutdownGracefully()
        return report
    }

    private static func ask(_ endpoint: RedisEndpoint, on loop: any EventLoop, _ milliseconds: Int) async -> Report {
        let answer = loop.makePromise(of: Report.self)
        // Whoever looks is told by the report, not by a log.
        let logger = Logger(label: "glo") { _ in SwiftLogNoOpLogHandler() }
        let handle = try? await loop.submit { () -> RedisHandle in
            let connection = RedisConnection(loop: loop, endpoint: endpoint, logger: logger)
            connection.setup = {
                OutsideRedis.inspect { verdict in
                    answer.succeed(verdict.map(Self.report) ?? Report(problem: "it did not answer"))
                    return .ready
                }
            }
            connection.start()
            return RedisHandle(connection)
        }.get()
        guard let handle else { return Report(problem: "the event loop is gone") }
        let limit = loop.scheduleTask(in: .milliseconds(Int64(milliseconds))) {
            let reason = handle.onLoop.lastFailure?.description ?? "no answer within \(milliseconds) ms"
            answer.succeed(Report(problem: reason))
        }
        let report = (try? await answer.futureResult.get()) ?? Report(problem: "it did not answer")
        limit.cancel()
        await handle.run { $0.close() }
        return report
    }

    private static func report(_ verdict: OutsideRedisVerdict) -> Report {
        Report(refusals: verdict.refusals.map(\.reason), warnings: verdict.warnings.map(\.reason))
    }
}
