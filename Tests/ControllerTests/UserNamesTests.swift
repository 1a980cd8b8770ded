import ContainerEngine
import Testing

@testable import Controller

@Suite("Names of users in a container")
struct UserNamesTests {
    @Test("The worker's user has a name beside root and nobody")
    func own() {
        let names = UserNames(uid: 700_027)
        #expect(names.passwd.split(separator: "\n").map { $0.prefix { $0 != ":" } } == ["root", "nobody", "glo"])
        #expect(names.passwd.contains("glo:x:700027:700027:function:/tmp:"))
        #expect(names.group.hasSuffix("\nglo:x:700027:\n"))
    }

    @Test("An image keeps its own", arguments: ["www:x:33:33::/:/bin/false\n", "www:x:33:33::/:/bin/false"])
    func image(_ passwd: String) {
        let names = UserNames(uid: 7, image: ImageNames(passwd: passwd))
        #expect(names.passwd == "www:x:33:33::/:/bin/false\nglo:x:7:7:function:/tmp:/usr/sbin/nologin\n")
        #expect(names.group == "glo:x:7:\n")
    }
}

@Suite("User ids of containers")
struct WorkerUsersTests {
    @Test("Containers that follow each other have ids of their own, in a range of the state directory's")
    func ranges() {
        let users = WorkerUsers(namespace: "a")
        let ids = (0..<60_000).map(users.uid)
        #expect(Set(ids).count == 60_000)
        #expect(users.uid(of: 60_000) == ids[0])
        #expect(ids.allSatisfy { $0 >= 700_000 && $0 < 32_000_000 })
    }

    @Test("Most pairs of controllers share none")
    func pairs() {
        let bases = Set((0..<100).map { WorkerUsers(namespace: "controller-\($0)").uid(of: 0) })
        #expect(bases.count > 85)
    }
}
