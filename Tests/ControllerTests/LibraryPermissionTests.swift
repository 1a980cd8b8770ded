import EventStore
import RedisServer
import Testing

@Suite("Permissions of the library")
struct LibraryPermissionTests {
    @Test("Glo's own Redis lets its user do everything that the library does")
    func commands() throws {
        let allowed = Set(
            RedisUsers(version: RedisVersion(7, 0, 0), password: "").text.split { $0.isWhitespace }.filter {
                $0.hasPrefix("+")
            }.map { $0.dropFirst().uppercased() })
        let used = Set(EventLibrary.source.matches(of: /call\('([A-Z]+)'/).map { String($0.1) })
        #expect(used.count > 30)
        #expect(used.subtracting(allowed) == [])
    }
}
