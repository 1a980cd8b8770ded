/// What the controller needs to talk to Glo's own Redis. Its password is printed nowhere.
package struct RedisAccess: Sendable, Hashable, CustomStringConvertible {
    /// The path of the Unix socket.
    package let socket: String
    package let user: String
    package let password: String

    package init(socket: String, user: String, password: String) {
        self.socket = socket
        self.user = user
        self.password = password
    }

    package var description: String { "\(user)@\(socket)" }
}
