import AdminModel
import EventStore
import FunctionModel
import Glibc
import Logging
import NIOCore
import Observability
import OutboundHTTP
import RedisClient
import RedisServer

extension Controller {
    /// Starts what stores and runs events; nil when the controller is to run without Redis.
    static func startEvents(_ core: ControllerCore) async throws(ControllerError) -> EventService? {
        switch core.configuration.redis {
        case .off: return nil
        case .own: return try await EventService.startOwn(core)
        case .outside(let endpoint): return try await EventService.startOutside(core, endpoint)
        }
    }
}
