import Testing

@testable import RedisClient

@Suite("An endpoint's URL")
struct RedisEndpointTests {
    private func tcp(
        _ host: String, _ port: Int, _ credentials: RedisCredentials? = nil, database: Int = 0
    ) -> RedisEndpoint {
        RedisEndpoint(.tcp(RedisAddress(host: host, port: port)), credentials: credentials, database: database)
    }

    @Test("A host may have a port and a database")
    func hosts() throws {
        #expect(try RedisEndpoint(url: "redis://db.example") == tcp("db.example", 6379))
        #expect(try RedisEndpoint(url: "REDIS://db.example:7000/") == tcp("db.example", 7000))
        #expect(try RedisEndpoint(url: "redis://10.0.0.1:7000/3") == tcp("10.0.0.1", 7000, database: 3))
        #expect(try RedisEndpoint(url: "redis://[::1]:7000") == tcp("::1", 7000))
        #expect(try RedisEndpoint(url: "redis://[::1]") == tcp("::1", 6379))
    }

    @Test("A user and a password are percent-decoded")
    func credentials() throws {
        #expect(
            try RedisEndpoint(url: "redis://a%40b:p%3A%2Fw%25@h")
                == tcp("h", 6379, .init(user: "a@b", password: "p:/w%")))
        #expect(try RedisEndpoint(url: "redis://:secret@h") == tcp("h", 6379, .init(user: nil, password: "secret")))
        #expect(try RedisEndpoint(url: "redis://u:a:b@h") == tcp("h", 6379, .init(user: "u", password: "a:b")))
        #expect(try RedisEndpoint(url: "redis://u:@h") == tcp("h", 6379, .init(user: "u", password: "")))
    }

    @Test("A Unix socket has its parameters behind the path", arguments: ["unix", "redis+unix"])
    func unixSocket(scheme: String) throws {
        let whole = try RedisEndpoint(url: "\(scheme):///run/my%20redis.sock?user=glo&password=a%26b&db=2")
        #expect(
            whole
                == RedisEndpoint(
                    .unixSocket(path: "/run/my redis.sock"), credentials: .init(user: "glo", password: "a&b"),
                    database: 2))
        #expect(try RedisEndpoint(url: "\(scheme):///r.sock") == RedisEndpoint(.unixSocket(path: "/r.sock")))
    }

    @Test("Sentinels are a list in front of the master's name")
    func sentinel() throws {
        let endpoint = try RedisEndpoint(
            url: "redis+sentinel://u:p@s1,s2:7001,[::1]:7002/main/4?sentinel-user=su&sentinel-password=sp")
        let sentinels = [("s1", 26_379), ("s2", 7001), ("::1", 7002)].map { RedisAddress(host: $0.0, port: $0.1) }
        #expect(
            endpoint
                == RedisEndpoint(
                    .sentinel(masterName: "main", sentinels: sentinels), credentials: .init(user: "u", password: "p"),
                    sentinelCredentials: .init(user: "su", password: "sp"), database: 4))
    }

    @Test("TLS is refused with what to do instead", arguments: ["rediss://h", "rediss+sentinel://h/main"])
    func tls(url: String) {
        let error = #expect(throws: RedisError.self) { try RedisEndpoint(url: url) }
        #expect(error?.code == .tlsUnsupported)
        #expect(error?.hint.contains("stunnel") == true)
        #expect(error?.hint.contains("unix://") == true)
    }

    @Test(
        "What is no endpoint is refused, and the password is not repeated",
        arguments: [
            "", "host:6379", "http://secret@h", "redis://", "redis://secret@h", "redis://u:secret@", "redis://h:0",
            "redis://h:secret", "redis://h:70000", "redis://h/secret", "redis://h/1/2", "redis://h/-1",
            "redis://h?secret=1", "redis://u:%secret@h", "redis://u:%ffsecret@h", "redis://u:%+fsecret@h",
            "redis://u:%-0secret@h", "redis://[::1]secret", "unix://",
            "unix://run/r.sock?password=secret", "unix:///r.sock?user=secret", "unix:///r.sock?database=1",
            "unix:///\(String(repeating: "x", count: 107))", "redis+sentinel://h", "redis+sentinel://h/",
            "redis+sentinel://h/main/0/1", "redis+sentinel://h,,i/main",
        ])
    func refused(url: String) {
        let error = #expect(throws: RedisError.self) { try RedisEndpoint(url: url) }
        #expect(error?.code == .invalidEndpoint)
        #expect(error?.hint.isEmpty == false)
        #expect(error?.description.contains("%secret") == false)
    }

    @Test("Its description has no password", arguments: ["redis://u:secret@h/1", "unix:///r.sock?password=secret"])
    func description(url: String) throws {
        let endpoint = try RedisEndpoint(url: url)
        #expect(!"\(endpoint)".contains("secret"))
        let credentials = endpoint.credentials.map { "\($0)" } ?? ""
        #expect(!credentials.isEmpty && !credentials.contains("secret"))
    }

    @Test("The embedded server is a Unix socket with a user")
    func embedded() throws {
        let endpoint = RedisEndpoint(unixSocket: "/r.sock", user: "glo", password: "secret")
        #expect(try endpoint == RedisEndpoint(url: "unix:///r.sock?user=glo&password=secret"))
        #expect("\(endpoint)" == "unix:///r.sock")
    }
}
