import FunctionModel
import Testing

@Suite struct LinkMapTests {
    @Test(
        "A link leads where the container's kernel would find it",
        arguments: [
            ("bin/tool", "../lib/cli.js", .inside("lib/cli.js", isRelative: true)),
            ("so", "so.1", .inside("so.1", isRelative: true)),
            ("self", ".", .inside("", isRelative: true)),
            ("a/b/up", "../..", .inside("", isRelative: true)),
            ("gone", "not/there", .inside("not/there", isRelative: true)),
            ("slow", "./a//b/./c", .inside("a/b/c", isRelative: true)),
            ("rooted", "/var/task/lib", .inside("lib", isRelative: false)),
            ("python3", "/usr/bin/python3", .system("/usr/bin/python3")),
            ("sh", "/bin/sh", .system("/bin/sh")),
            ("libc", "/lib64/../lib/libc.so", .system("/lib/libc.so")),
            ("dots", "/./usr/lib/..//bin/env", .system("/usr/bin/env")),
            ("out", "../other/file", .outside),
            ("back", "../task/file", .outside),
            ("up", "a/../../task/file", .outside),
            ("etc", "/etc/passwd", .outside),
            ("sly", "/usr/../etc/passwd", .outside),
            ("beside", "/usrlocal", .outside),
            ("root", "/", .outside),
            ("outOfTask", "/var/task/../secret", .outside),
            ("loop", "loop", .loop),
        ] as [(String, String, LinkMap.Destination)])
    func single(path: String, target: String, destination: LinkMap.Destination) {
        let map = LinkMap([(path, target)])
        #expect(map.destination(of: path) == destination)
        #expect(map.isKept(path) == (destination != .outside))
    }

    @Test("Links on the way are followed as the kernel does, not word by word")
    func chains() {
        let map = LinkMap([
            ("current", "releases/two"), ("up", "current/.."), ("far", "current/../../.."), ("app", "up/one/app"),
            ("system", "/usr/lib"), ("below", "system/python3"), ("above", "system/../../etc/shadow"),
            ("out", "/etc"), ("through", "out/passwd"), ("a", "b"), ("b", "a"), ("behind", "a/file"),
        ])
        #expect(map.destination(of: "current/main") == .inside("releases/two/main", isRelative: true))
        #expect(map.destination(of: "up") == .inside("releases", isRelative: true))
        #expect(map.destination(of: "far") == .outside)
        #expect(map.destination(of: "app") == .inside("releases/one/app", isRelative: true))
        #expect(map.destination(of: "below") == .system("/usr/lib/python3"))
        #expect(map.destination(of: "above") == .outside)
        #expect(map.destination(of: "through") == .outside)
        #expect(map.destination(of: "behind") == .loop)
    }

    @Test("Where there is no container only a relative way to one's own files stays inside")
    func confined() {
        let map = LinkMap([
            ("near", "lib"), ("rooted", "/var/task/lib"), ("viaRooted", "rooted/x"), ("python", "/usr/bin/python3"),
            ("loop", "loop"), ("out", "../x"),
        ])
        let staying = ["near", "rooted", "viaRooted", "python", "loop", "out"].filter(map.staysInside)
        #expect(staying == ["near", "loop"])
    }

    @Test("Names that Unicode takes for the same are two names")
    func bytes() {
        let map = LinkMap([("caf\u{e9}", "inside"), ("cafe\u{301}", "../outside")])
        #expect(map.isKept("caf\u{e9}"))
        #expect(!map.isKept("cafe\u{301}"))
    }

    @Test("No tree of links leads out unseen: what is kept stays below the root in a model of the kernel's walk")
    func random() {
        var generator = SystemRandomNumberGenerator()
        let names = ["a", "b", "c"]
        for _ in 0..<2_000 {
            var links: [String: String] = [:]
            for _ in 0..<4 {
                let path = (0..<Int.random(in: 1...2, using: &generator)).map { _ in names.randomElement() ?? "a" }
                let target = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                    ["a", "b", "c", "..", "."].randomElement() ?? "a"
                }
                links[path.joined(separator: "/")] = target.joined(separator: "/")
            }
            let map = LinkMap(links.map { ($0.key, $0.value) })
            for path in links.keys { #expect((map.destination(of: path) == .outside) == leaves(path, links)) }
        }
    }

    /// Whether the walk ever climbs above the root, one part after the other.
    private func leaves(_ path: String, _ links: [String: String]) -> Bool {
        var place: [String] = []
        var todo = path.split(separator: "/").map(String.init)
        var steps = 0
        while !todo.isEmpty {
            let part = todo.removeFirst()
            if part == ".." {
                if place.isEmpty { return true }
                place.removeLast()
            } else if part != "." {
                if let target = links[(place + [part]).joined(separator: "/")] {
                    steps += 1
                    if steps > 40 { return false }
                    todo = target.split(separator: "/").map(String.init) + todo
                } else {
                    place.append(part)
                }
            }
        }
        return false
    }
}
