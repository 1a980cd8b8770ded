import CurlClient
package import Logging
import Synchronization

/// Sends spans to an OTLP/HTTP collector as JSON, in batches, on a thread of its own.
///
/// A bounded number waits; what comes on top is counted and left out. A batch that the collector does not take is tried
/// once more and then given up: traces are not worth more than the memory they need.
package final class TraceExporter: Sendable {
    /// Invocations that wait to be sent.
    private static let waiting = 4_096
    /// Invocations that one request carries.
    private static let batch = 512
    private static let intervalMilliseconds = 1_000
    private static let timeoutMilliseconds = 5_000

    private struct Buffer {
        var traces: [InvocationTrace] = []
        var counts = TraceCounts()
        var random = SystemRandomNumberGenerator()
        /// Whether the last request failed, so that an absent collector is told of once.
        var isFailing = false
    }

    private let buffer = Mutex(Buffer())
    private let url: String
    private let resource: TraceResource
    private let logger: Logger
    private let pool = BlockingPool(name: "glo-traces", threads: 1) { CurlSession() }

    /// - Parameter url: of the collector's traces, such as `http://localhost:4318/v1/traces`.
    package init(url: String, resource: TraceResource, logger: Logger) {
        self.url = url
        self.resource = resource
        self.logger = logger
    }

    /// Takes what the data plane noted down; returns at once.
    package func add(_ traces: [InvocationTrace]) {
        buffer.withLock { buffer in
            let room = max(0, Self.waiting - buffer.traces.count)
            buffer.traces += traces.prefix(room)
            buffer.counts.dropped += max(0, traces.count - room)
        }
    }

    package var counts: TraceCounts { buffer.withLock(\.counts) }

    /// Sends what gathers, each second, until it is cancelled; then the rest once.
    package func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(Self.intervalMilliseconds))
            while await sendBatch(), !Task.isCancelled {}
        }
    }

    /// Sends what is left, for at most a few seconds.
    package func finish() async {
        while await sendBatch() {}
    }

    /// - Returns: whether more waits and the collector takes it.
    private func sendBatch() async -> Bool {
        let (traces, isLast) = buffer.withLock { buffer in
            let taken = Array(buffer.traces.prefix(Self.batch))
            buffer.traces.removeFirst(taken.count)
            return (taken, buffer.traces.isEmpty)
        }
        guard !traces.isEmpty else { return false }
        var writer = SpanWriter(resource: resource)
        buffer.withLock { buffer in for trace in traces { writer.append(trace, using: &buffer.random) } }
        let body = writer.finish()
        var problem = await send(body)
        if problem != nil, !Task.isCancelled { problem = await send(body) }
        note(problem, count: traces.count)
        return problem == nil && !isLast
    }

    /// - Returns: why not.
    private func send(_ body: [UInt8]) async -> String? {
        let request = CurlRequest(
            method: "POST", url: url, headers: [("Content-Type", "application/json")], body: body,
            timeoutMilliseconds: Self.timeoutMilliseconds, connectTimeoutMilliseconds: 2_000,
            maxResponseBytes: 64 << 10)
        // Not a child of the caller's cancellation: the last batch leaves while the controller stops.
        return await pool.run { session, _ -> String? in
            do throws(CurlError) {
                let response = try session.perform(request)
                return (200..<300).contains(response.status) ? nil : "it answers with status \(response.status)"
            } catch {
                return error.message
            }
        }
    }

    private func note(_ problem: String?, count: Int) {
        let changed = buffer.withLock { buffer in
            if problem == nil { buffer.counts.sent += count } else { buffer.counts.failed += count }
            defer { buffer.isFailing = problem != nil }
            return buffer.isFailing != (problem != nil)
        }
        guard changed else { return }
        if let problem {
            logger.warning(
                "The collector does not take traces; they are left out",
                metadata: ["url": .string(url), "reason": .string(problem)])
        } else {
            logger.notice("The collector takes traces again", metadata: ["url": .string(url)])
        }
    }
}
