import AccessControl
import Hummingbird
import Logging

/// What the routes of the admin API know of a request besides itself.
struct AdminContext: RequestContext {
    struct Origin: RequestContextSource {
        let logger: Logger
        var principal = Principal.socket
    }

    typealias Source = Origin

    var coreContext: CoreRequestContextStorage
    /// Who asks.
    let principal: Principal

    init(source: Origin) {
        coreContext = CoreRequestContextStorage(source: source)
        principal = source.principal
    }
}
