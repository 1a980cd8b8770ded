import Testing

@testable import RedisServer

@Suite struct RedisUsersTests {
    static let password = String(repeating: "0123456789abcdef", count: 4)

    @Test("Nobody but the controller's user is let in")
    func users() {
        let lines = RedisUsers(version: RedisVersion(7, 0, 15), password: Self.password).text.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0] == "user default off resetpass ~* &* +@all")
        #expect(
            lines[1].hasPrefix("user glo on resetpass >\(Self.password) resetkeys ~glo:* resetchannels &glo:* -@all +"))
    }

    @Test("A command that the version does not know is not named")
    func versions() {
        #expect(!RedisUsers.commands(of: RedisVersion(7, 0, 15)).contains("waitaof"))
        #expect(RedisUsers.commands(of: RedisVersion(7, 2, 0)).contains("waitaof"))
    }

    @Test("What reads, changes or ends everything is not allowed")
    func dangerous() {
        let commands = Set(RedisUsers.commands(of: RedisVersion(8, 0, 0)))
        let denied = [
            "flushall", "flushdb", "keys", "config|set", "shutdown", "debug", "eval", "acl", "replicaof", "monitor",
            "module", "function|flush", "save",
        ]
        #expect(commands.isDisjoint(with: denied))
    }

    @Test("The password of an earlier file is found, whatever else the file allows")
    func keptPassword() {
        let text = RedisUsers(version: RedisVersion(7, 4, 0), password: Self.password).text
        #expect(RedisUsers.password(in: text) == Self.password)
    }

    @Test(
        "A file without a password of Glo's has none",
        arguments: ["", "user glo on >short", "user default on >\(password)", "user glo on >\(password)0 ~*"])
    func noPassword(_ text: String) { #expect(RedisUsers.password(in: text) == nil) }

    @Test("A new password has 64 hexadecimal digits and is another each time")
    func newPassword() {
        var random = SystemRandomNumberGenerator()
        let passwords = (0..<50).map { _ in RedisUsers.newPassword(using: &random) }
        #expect(Set(passwords).count == 50)
        for password in passwords { #expect(RedisUsers.password(in: "user glo >\(password)") == password) }
    }
}
