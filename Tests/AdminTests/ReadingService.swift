import AccessControl
import NIOCore
import Synchronization

@testable import Controller

/// A service that reads requests as the real one does, and does nothing but count what it would have carried out.
final class ReadingService: ServiceAPI {
    private let scope: @Sendable (ServiceRequest) -> AccessScope?
    private let performed = Mutex(0)

    init(scope: @escaping @Sendable (ServiceRequest) -> AccessScope?) { self.scope = scope }

    /// How many calls were carried out.
    var count: Int { performed.withLock { $0 } }

    func call(_ request: ServiceRequest) -> ServiceCall {
        let needed = scope(request)
        return ServiceCall(needed: needed) { [self] in
            // What is no operation is answered so by the real ones too.
            guard needed != nil else { return ServiceResponse(status: 404) }
            performed.withLock { $0 += 1 }
            return ServiceResponse(status: 201, body: ByteBuffer(string: "{}"))
        }
    }
}
