package import FunctionModel
import HTTPCodec

/// A request about an event that has been accepted: `/_/invocations/ID`.
package enum StoredRequest: Sendable {
    /// GET: where it stands. With `Prefer: wait=N` the answer may take as many seconds, until it has ended.
    case look(InvocationID, waitSeconds: Int)
    /// DELETE.
    case cancel(InvocationID)

    package static let prefix = "/_/invocations/"
    /// The longest wait of one request.
    static let longestWaitSeconds = 60

    package var id: InvocationID {
        switch self {
        case .look(let id, _), .cancel(let id): id
        }
    }
}
