package import CloudEvents
package import DispatchCore
import FunctionModel
import HTTPCodec
import NIOCore

/// The CloudEvents that a request carries.
package enum CloudEventDelivery: Sendable {
    case one(CloudEvent)
    /// In the order of the batch, which may be empty.
    case batch([CloudEvent])
}

extension CloudEventDelivery {
    /// Whether the function itself is given the event, in structured JSON. Servers and programs get the request as it
    /// came, and so do functions that want bare bodies.
    package static func isUnwrapped(for route: Route) -> Bool {
        switch route.contract {
        case .lambda, .stdio: route.payload == .event
        case .http, .exec: false
        }
    }

    /// Nil when the request carries no event, or when it goes to the function as it came.
    static func read(_ arrived: ArrivedRequest) throws(InvocationFailure) -> CloudEventDelivery? {
        guard arrived.head.method == .post else { return nil }
        guard arrived.isStored || isUnwrapped(for: arrived.route) else { return nil }
        do throws(CloudEventError) {
            return try read(arrived.head.fields, arrived.body)
        } catch {
            throw InvocationFailure(error.status == 415 ? .unsupportedMediaType : .badRequest, error.message)
        }
    }

    private static func read(_ fields: HTTPFields, _ body: ByteBuffer) throws(CloudEventError) -> CloudEventDelivery? {
        switch try CloudEventMode(fields) {
        case nil: nil
        case .binary: .one(try CloudEvent(binary: fields, body: body))
        case .structured: .one(try CloudEvent(structured: body))
        case .batch: .batch(try CloudEvent.batch(body))
        }
    }
}
