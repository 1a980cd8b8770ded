import Hummingbird
import Logging

/// What the routes of the admin API know of a request besides itself.
struct AdminContext: RequestContext {
    struct Origin: RequestContextSource {
        let logger: Logger
    }

    typealias Source = Origin

    var coreContext: CoreRequestContextStorage

    init(source: Origin) { coreContext = CoreRequestContextStorage(source: source) }
}
