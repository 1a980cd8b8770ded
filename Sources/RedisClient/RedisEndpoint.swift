/// Where Redis is, and how to log in there.
package struct RedisEndpoint: Sendable, Hashable, CustomStringConvertible {
    package enum Place: Sendable, Hashable {
        case tcp(RedisAddress)
        case unixSocket(path: String)
        /// Whatever server the sentinels call the master of this name.
        case sentinel(masterName: String, sentinels: [RedisAddress])
    }

    package let place: Place
    package let credentials: RedisCredentials?
    /// For the sentinels themselves, which have users of their own.
    package let sentinelCredentials: RedisCredentials?
    package let database: Int

    package init(
        _ place: Place, credentials: RedisCredentials? = nil, sentinelCredentials: RedisCredentials? = nil,
        database: Int = 0
    ) {
        self.place = place
        self.credentials = credentials
        self.sentinelCredentials = sentinelCredentials
        self.database = database
    }

    /// A server on this machine.
    package init(unixSocket path: String, user: String, password: String) {
        self.init(.unixSocket(path: path), credentials: RedisCredentials(user: user, password: password))
    }

    /// For people and logs: has no password in it.
    package var description: String {
        let database = database == 0 ? "" : "/\(database)"
        switch place {
        case .tcp(let address): return "redis://\(address)\(database)"
        case .unixSocket(let path): return "unix://\(path)" + (self.database == 0 ? "" : "?db=\(self.database)")
        case .sentinel(let name, let sentinels):
            let list = sentinels.map(\.description).joined(separator: ",")
            return "redis+sentinel://\(list)/\(name)\(database)"
        }
    }
}
