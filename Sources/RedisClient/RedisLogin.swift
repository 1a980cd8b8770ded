/// What each connection says first.
struct RedisLogin {
    private enum Step {
        case authenticate
        case select
        /// Only for `CLIENT LIST`: a user who may not do it does without.
        case setName
        /// Refused while the server loads its data.
        case ping
        /// Only behind Sentinel: it may name a server that has just become a replica.
        case role
    }

    let commands: [RedisCommand]
    private let steps: [Step]

    init(_ endpoint: RedisEndpoint, clientName: String) {
        var steps: [(Step, RedisCommand)] = []
        if let credentials = endpoint.credentials { steps.append((.authenticate, credentials.command)) }
        if endpoint.database != 0 { steps.append((.select, RedisCommand("SELECT", "\(endpoint.database)"))) }
        steps.append((.setName, RedisCommand("CLIENT", "SETNAME", clientName)))
        steps.append((.ping, RedisCommand("PING")))
        if case .sentinel = endpoint.place { steps.append((.role, RedisCommand("ROLE"))) }
        self.steps = steps.map(\.0)
        commands = steps.map(\.1)
    }

    /// Why these answers mean that the connection cannot be used; nil when it can.
    func refusal(_ replies: [RedisValue]) -> RedisError? {
        for (step, reply) in zip(steps, replies) {
            if let refusal = refusal(step, reply) { return refusal }
        }
        return nil
    }

    private func refusal(_ step: Step, _ reply: RedisValue) -> RedisError? {
        switch step {
        case .authenticate:
            return reply.serverError.map {
                RedisError(.refused, "Redis refused the login: \($0).", hint: "Check the user and the password.")
            }
        case .select:
            return reply.serverError.map {
                RedisError(.refused, "Redis refused the database: \($0).", hint: "Check the number in the Redis URL.")
            }
        case .setName, .ping:
            guard let error = reply.serverError, error.code != "NOPERM" else { return nil }
            let hint = error.code == "NOAUTH" ? "Give a password: redis://user:password@host." : ""
            return RedisError(.refused, "Redis cannot serve now: \(error).", hint: hint)
        case .role:
            guard reply.array?.first?.string != "master" else { return nil }
            return RedisError(.refused, "The server that Sentinel named is not the master (yet).")
        }
    }
}
