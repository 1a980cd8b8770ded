/// Where the result of an event goes.
package enum EventDestination: Hashable, Sendable {
    case topic(String)
    case function(FunctionName)
    /// An `https` URL. The secret of this name signs what is sent; nil is the controller's own.
    case url(String, secret: String?)
    /// The same, which is sent the record as a CloudEvent.
    case cloudEvent(String, secret: String?)
}
