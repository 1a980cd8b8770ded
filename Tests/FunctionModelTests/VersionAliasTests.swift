import Testing

@testable import FunctionModel

@Suite("Aliases")
struct VersionAliasTests {
    private let function: FunctionName

    init() throws { function = try #require(FunctionName("hello")) }

    private func canary(_ weight: Double) -> VersionAlias {
        VersionAlias(name: "live", shares: [.init(version: 3, weight: 1 - weight), .init(version: 4, weight: weight)])
    }

    @Test("Random points fall on the versions by their weights")
    func weights() {
        var alias = canary(0.25)
        alias.shares = [
            .init(version: 1, weight: 0.5), .init(version: 2, weight: 0.3), .init(version: 3, weight: 0.2),
        ]
        var counts: [Int: Int] = [:]
        for step in 0..<10_000 { counts[alias.version(at: Double(step) / 10_000), default: 0] += 1 }
        #expect(counts == [1: 5000, 2: 3000, 3: 2000])
    }

    @Test("The same value falls on the same version, whoever asks and whenever")
    func sticky() {
        let alias = canary(0.5)
        for user in 0..<100 {
            #expect(alias.point(of: "u\(user)", function: function) == alias.point(of: "u\(user)", function: function))
        }
        // Fixed, so that it stays the same from one Glo to the next.
        #expect(alias.point(of: "anna", function: function) == 0x1p-53 * Double(Self.anna))
    }

    /// Computed apart from Swift.
    private static let anna: UInt64 = 3920708169080631

    @Test("Values that differ little are spread evenly")
    func spread() {
        let alias = canary(0.1)
        let hits = (0..<20_000).count { alias.version(at: alias.point(of: "user-\($0)", function: function)) == 4 }
        #expect((1800...2200).contains(hits), "\(hits)")
    }

    @Test("A canary that grows moves callers to it alone, and one that shrinks moves them back alone")
    func movement() {
        let (small, large) = (canary(0.1), canary(0.3))
        for user in 0..<5000 {
            let point = small.point(of: "user-\(user)", function: function)
            #expect(large.point(of: "user-\(user)", function: function) == point)
            if small.version(at: point) == 4 { #expect(large.version(at: point) == 4) }
        }
    }

    @Test("Not the same callers are the first of every function")
    func salted() throws {
        let other = try #require(FunctionName("other"))
        let alias = canary(0.5)
        let same = (0..<1000).count { user in
            alias.version(at: alias.point(of: "\(user)", function: function))
                == alias.version(at: alias.point(of: "\(user)", function: other))
        }
        #expect((400...600).contains(same), "\(same)")
    }

    @Test("What is no alias has its reason")
    func problems() {
        #expect(canary(0.1).problem == nil)
        var alias = canary(0.1)
        alias.name = "12"
        #expect(alias.problem?.contains("name of an alias") == true)
        alias = canary(0.1)
        alias.shares[0].weight = 0.8
        #expect(alias.problem == "the weights do not add up to 1")
        alias.shares = []
        #expect(alias.problem == "an alias names 1 to 10 versions")
        alias.shares = [.init(version: 1, weight: 0.5), .init(version: 1, weight: 0.5)]
        #expect(alias.problem == "a version is named twice")
        alias.shares = [.init(version: 1, weight: 1), .init(version: 2, weight: 0)]
        #expect(alias.problem == "a weight is above 0 and at most 1")
        alias.shares = [.init(version: 1, weight: .nan)]
        #expect(alias.problem == "a weight is above 0 and at most 1")
        alias = canary(0.1)
        alias.stickyHeader = "X-User"
        #expect(alias.problem == "the sticky field is no name of a header field")
    }

    @Test(
        "Names are Lambda's",
        arguments: [
            ("live", true), ("Live_2-x", true), ("1a", true), ("1", false), ("", false), ("a b", false),
            ("$LATEST", false),
            ("é", false),
        ])
    func names(_ name: String, _ isName: Bool) { #expect(VersionAlias.isName(name) == isName) }
}

@Suite("What names versions")
struct VersionNamesTests {
    @Test("Numbers count on, a version keeps its own, and an alias publishes what it names")
    func numbers() {
        var names = VersionNames()
        #expect(names.publish(7, atMilliseconds: 1).number == 1)
        #expect(names.publish(7, description: "again", atMilliseconds: 2).number == 1)
        names.set(
            VersionAlias(name: "live", shares: [.init(version: 7, weight: 0.5), .init(version: 9, weight: 0.5)]),
            atMilliseconds: 3)
        #expect(names.published(version: 9)?.number == 2)
        #expect(names.versions == [7, 9])
        names.removeAlias("live")
        names.unpublish(number: 2)
        #expect(names.publish(11, atMilliseconds: 4).number == 3)
        #expect(names.versions == [7, 11])
    }

    @Test("Every change has a later generation, the end of the function too")
    func generations() {
        var names = VersionNames()
        var last = names.generation
        func grew(_ names: VersionNames) -> Bool {
            defer { last = names.generation }
            return names.generation > last
        }
        _ = names.publish(1, atMilliseconds: 1)
        #expect(grew(names))
        names.set(VersionAlias(name: "live", shares: [.init(version: 1, weight: 1)]), atMilliseconds: 1)
        #expect(grew(names))
        names.removeAlias("live")
        #expect(grew(names))
        names.unpublish(number: 1)
        #expect(grew(names))
        _ = names.publish(1, atMilliseconds: 1)
        #expect(grew(names))
        names.clear()
        #expect(grew(names))
        #expect(names.isEmpty && names.nextNumber == 1)
    }
}
