import RedisServer
import Testing

@Suite struct RedisVersionTests {
    @Test(
        "The version is read from what the program prints",
        arguments: [
            ("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", RedisVersion(7, 0, 15)),
            ("Valkey server v=8.1.0-rc1 sha=00000000:0", RedisVersion(8, 1, 0)),
            ("Redis server v=6.2 sha=0", RedisVersion(6, 2, 0)),
            ("something else", nil),
            ("Redis server v=x", nil),
        ] as [(String, RedisVersion?)])
    func versionOutput(_ text: String, _ version: RedisVersion?) {
        #expect(RedisVersion(versionOutput: text) == version)
    }

    @Test("A version without Functions is not supported")
    func support() {
        #expect(!RedisVersion(6, 2, 99).isSupported)
        #expect(RedisVersion(7, 0, 0).isSupported)
        #expect(RedisVersion(10, 0, 0).isSupported)
    }
}
