/// One invocation that was made, and the function that it is for.
package struct InvocationReference: Codable, Hashable, Sendable {
    package var id: String
    package var function: String

    package init(id: String, function: String) {
        self.id = id
        self.function = function
    }
}
