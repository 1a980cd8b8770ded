/// Whose events shall be erased, results included: those of a key, or one.
package struct EraseRequest: Codable, Hashable, Sendable {
    package var key: String?
    /// An invocation's id.
    package var id: String?
    /// Whether Redis shall rewrite its append-only file afterwards, which until then keeps the bytes.
    package var rewrite: Bool?

    package init(key: String? = nil, id: String? = nil, rewrite: Bool? = nil) {
        self.key = key
        self.id = id
        self.rewrite = rewrite
    }
}
