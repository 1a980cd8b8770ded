/// What an HTTP request becomes on its way to a `lambda` or `stdio` handler.
package enum PayloadMode: String, Hashable, Sendable, CaseIterable {
    /// Lambda's payload format 2.0, and the result maps back to a response by its rules.
    case event
    /// The bare body in, the bare result out.
    case raw
}
