import FunctionCatalog
import Observability

/// What the listeners of the admin API serve besides it. A part that is nil is answered with 501.
package struct APIServices: Sendable {
    /// Lambda's API besides Invoke: paths that begin with a date.
    package var lambda: (any ServiceAPI)?
    /// The queues' API: `POST /` with `X-Amz-Target: AmazonSQS.…`, or a form.
    package var queues: (any ServiceAPI)?
    /// Where invocations run, and what tells of their log.
    var invoke: InvokePlace?

    struct InvokePlace: Sendable {
        let plane: DataPlane
        let log: FunctionLogStore
        let catalog: FunctionCatalog
    }

    package init(lambda: (any ServiceAPI)? = nil, queues: (any ServiceAPI)? = nil) {
        self.lambda = lambda
        self.queues = queues
    }

    init(
        lambda: (any ServiceAPI)?, queues: (any ServiceAPI)?, plane: DataPlane, log: FunctionLogStore,
        catalog: FunctionCatalog
    ) {
        self.lambda = lambda
        self.queues = queues
        invoke = InvokePlace(plane: plane, log: log, catalog: catalog)
    }
}
