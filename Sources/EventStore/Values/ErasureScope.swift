package import FunctionModel

/// Whose data is to be erased.
package enum ErasureScope: Hashable, Sendable {
    /// All events that were accepted with this key, and their outcomes on the way to destinations.
    case key(String)
    case event(InvocationID)
}
