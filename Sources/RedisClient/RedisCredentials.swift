/// Who logs in, and how. Without a user it is Redis' `default` one.
package struct RedisCredentials: Sendable, Hashable, CustomStringConvertible {
    package let user: String?
    package let password: String

    package init(user: String?, password: String) {
        self.user = user
        self.password = password
    }

    /// The password is never shown.
    package var description: String { "\(user ?? "default"):…" }

    var command: RedisCommand {
        var command = RedisCommand("AUTH")
        if let user { command.append(user) }
        command.append(password)
        return command
    }
}
