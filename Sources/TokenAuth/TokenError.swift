/// Why a token is not believed.
package enum TokenError: Error, Hashable, Sendable {
    /// A sentence for the sender.
    case invalid(String)
    /// It is signed with a key that the set does not have; a newer set might.
    case unknownKey
    /// It is good, but does not carry what the route asks for.
    case missingScope(String)
    /// The keys cannot be used; the reason is for the operator.
    case keySet(String)
}
