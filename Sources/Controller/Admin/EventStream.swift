import AdminModel
import FunctionModel

/// What a reader of `/v1/events/stream` is sent: statistics each second, and log records as they come.
struct EventStream: Sendable {
    let backend: any AdminBackend
    /// Whose statistics are sent; nil is all functions'.
    let function: FunctionName?
    let logs: AsyncStream<LogRecord>?

    /// Events that wait for a slow reader; what comes on top pushes out the oldest.
    private static let waiting = 512

    /// The events as bytes (server-sent events, WHATWG HTML 9.2), until nobody reads them.
    func events() -> AsyncStream<[UInt8]> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: [UInt8].self, bufferingPolicy: .bufferingNewest(Self.waiting))
        let statistics = Task {
            while !Task.isCancelled {
                if let event = await statisticsEvent() { continuation.yield(event) }
                try? await Task.sleep(for: .seconds(1))
            }
            continuation.finish()
        }
        let lines = Task {
            guard let logs else { return }
            for await record in logs {
                if let event = Self.event("log", record) { continuation.yield(event) }
            }
        }
        continuation.onTermination = { _ in
            statistics.cancel()
            lines.cancel()
        }
        return stream
    }

    private func statisticsEvent() async -> [UInt8]? {
        guard var statistics = try? await backend.statistics() else { return nil }
        if let function { statistics.functions.removeAll { $0.name != function.rawValue } }
        return Self.event("stats", statistics)
    }

    /// JSON has no line breaks, so one `data` line holds it.
    private static func event(_ name: String, _ document: some Encodable) -> [UInt8]? {
        guard let json = try? AdminJSON.encode(document) else { return nil }
        return Array("event: \(name)\ndata: ".utf8) + json + Array("\n\n".utf8)
    }
}
