extension RedisEndpoint {
    /// Reads an endpoint's URL:
    ///
    /// - `redis://[[user]:password@]host[:port][/database]`
    /// - `unix:///path/redis.sock[?user=…&password=…&db=…]`, also as `redis+unix://`
    /// - `redis+sentinel://[[user]:password@]host[:port][,host[:port]…]/master-name[/database]`, where
    ///   `?sentinel-user=…&sentinel-password=…` log in to the sentinels
    ///
    /// What is reserved in URLs is percent-encoded in users, passwords and paths. No error repeats the text, since it may
    /// have a password in it.
    package init(url: String) throws(RedisError) {
        guard let separator = url.firstRange(of: "://") else {
            throw .endpoint("The Redis URL has no scheme.", hint: Self.example)
        }
        let parts = try RedisURLParts(url[separator.upperBound...])
        switch url[..<separator.lowerBound].lowercased() {
        case "redis": try self.init(tcp: parts)
        case "unix", "redis+unix": try self.init(unixSocket: parts)
        case "redis+sentinel": try self.init(sentinel: parts)
        case "rediss", "rediss+sentinel":
            throw RedisError(
                .tlsUnsupported, "Glo speaks no TLS to Redis.",
                hint: "Let stunnel on this machine make the TLS connection and use redis://127.0.0.1:PORT, or use the "
                    + "server's Unix socket: unix:///path/redis.sock.")
        case let scheme:
            throw .endpoint("'\(scheme)' is no scheme of a Redis URL.", hint: Self.example)
        }
    }

    private static let example = "Use redis://host:6379, unix:///path/redis.sock or redis+sentinel://host:26379/name."

    private init(tcp parts: RedisURLParts) throws(RedisError) {
        try parts.allow(query: [])
        let address = try RedisURLParts.address(parts.hosts, defaultPort: 6379)
        guard parts.path.count <= 1 else {
            throw .endpoint("The Redis URL has more behind the database.", hint: "Use redis://host:6379/0.")
        }
        self.init(
            .tcp(address), credentials: parts.credentials, database: try RedisURLParts.database(parts.path.first))
    }

    private init(unixSocket parts: RedisURLParts) throws(RedisError) {
        try parts.allow(query: ["user", "password", "db"])
        guard parts.hosts.isEmpty, !parts.path.isEmpty else {
            throw .endpoint(
                "The Unix socket's path is not absolute.", hint: "Use three slashes: unix:///path/redis.sock.")
        }
        let path = "/" + parts.path.joined(separator: "/")
        // `sun_path` of unix(7) has 108 bytes, one of them for the end.
        guard path.utf8.count < 108 else {
            throw .endpoint(
                "The Unix socket's path is longer than the 107 bytes that Linux allows.", hint: "Use a shorter path.")
        }
        let queried = try parts.credentials(user: "user", password: "password")
        self.init(
            .unixSocket(path: path), credentials: queried ?? parts.credentials,
            database: try RedisURLParts.database(parts.query["db"]))
    }

    private init(sentinel parts: RedisURLParts) throws(RedisError) {
        try parts.allow(query: ["sentinel-user", "sentinel-password"])
        guard let name = parts.path.first, !name.isEmpty, parts.path.count <= 2 else {
            throw .endpoint(
                "The Sentinel URL does not name the master.", hint: "Use redis+sentinel://host:26379/master-name.")
        }
        var sentinels: [RedisAddress] = []
        for host in parts.hosts.split(separator: ",", omittingEmptySubsequences: false) {
            sentinels.append(try RedisURLParts.address(host, defaultPort: 26_379))
        }
        self.init(
            .sentinel(masterName: name, sentinels: sentinels), credentials: parts.credentials,
            sentinelCredentials: try parts.credentials(user: "sentinel-user", password: "sentinel-password"),
            database: try RedisURLParts.database(parts.path.count == 2 ? parts.path[1] : nil))
    }
}
