import CoreMetrics
import CurlClient

/// What is counted of calls to the engine, through swift-metrics: they are few, and each takes milliseconds.
enum EngineMetrics {
    /// - Parameter nanoseconds: from the call to its answer, waiting for a thread included.
    static func note(
        _ call: EngineCall, nanoseconds: Int64, _ result: Result<CurlResponse, EngineConnection.CallFailure>
    ) {
        let outcome =
            switch result {
            case .success(let response): response.status < 500 ? "answered" : "server_error"
            case .failure(.refused): "refused"
            case .failure(.waitedTooLong): "timed_out"
            case .failure(.transport(let error)): error.kind == .timedOut ? "timed_out" : "failed"
            }
        CoreMetrics.Timer(
            label: "glo_engine_call_duration", dimensions: [("call", call.deadline.rawValue), ("outcome", outcome)]
        ).recordNanoseconds(nanoseconds)
    }
}
