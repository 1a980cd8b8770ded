/// Something that the file says and that was not carried over, or not as it was.
package struct ImportNote: Encodable, Hashable, Sendable {
    /// Where it stands in the file, such as `Resources.Orders.Properties.Layers`.
    package let place: String
    /// What is missing or different now, and what to do.
    package let message: String
}
