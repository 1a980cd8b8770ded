import AdminModel
import DispatchCore
import FunctionCatalog
import FunctionModel
import Synchronization
import Testing

@testable import Controller

@Suite("Versions that run under their own numbers")
struct PinnedVersionTests {
    private func bench() throws -> DispatcherBench { DispatcherBench(try #require(FunctionName("hello"))) }

    @Test("A number, an alias and no qualifier lead to pools of their own")
    func pools() throws {
        let bench = try bench()
        bench.dispatcher.deploy(bench.version(3), bench.named([.init(version: 2, weight: 1)], generation: 5))
        #expect(bench.dispatcher.qualified(bench.name, nil)?.executedVersion == "$LATEST")
        #expect(bench.dispatcher.qualified(bench.name, "$LATEST")?.function.isPinned == false)
        #expect(bench.dispatcher.qualified(bench.name, "1")?.executedVersion == "1")
        #expect(bench.dispatcher.qualified(bench.name, "live")?.executedVersion == "2")
        #expect(
            bench.dispatcher.qualified(bench.name, "live")?.function
                === bench.dispatcher.qualified(bench.name, "2")?.function)
        for unknown in ["3", "0", "-1", "other", ""] {
            #expect(bench.dispatcher.qualified(bench.name, unknown) == nil, "\(unknown)")
        }
        for qualifier in [nil, "1", "live"] { _ = bench.invoke(qualifier) }
        #expect(bench.started == ["3/-", "1/1", "2/2"])
        #expect(Set(bench.dispatcher.versionsInUse.map(\.number)) == [1, 2, 3])
    }

    @Test("What an alias names is as warm as its manifest says; a number alone is not")
    func warmth() throws {
        let bench = try bench()
        bench.dispatcher.deploy(bench.version(3), nil)
        bench.dispatcher.name(
            bench.name, bench.named([.init(version: 2, weight: 1)], min: 2, generation: 5))
        #expect(bench.started == ["2/2", "2/2"])
        _ = bench.invoke("1")
        #expect(bench.started == ["2/2", "2/2", "1/1"])
    }

    @Test("A version that cannot start answers with its failure, and the version that serves is not touched")
    func failure() throws {
        let bench = try bench()
        bench.dispatcher.deploy(bench.version(3), bench.named([.init(version: 2, weight: 1)], generation: 5))
        let exchange = try #require(bench.invoke("live"))
        let id = try #require(bench.asked.starts.withLock { $0.first?.id })
        bench.dispatcher.handle(.startFailed(id, InvocationFailure(.handlerInitFailed, "it exited with 1")))
        #expect(exchange.failure?.detail == "it exited with 1")
        #expect(bench.invoke("live")?.failure?.code == .handlerInitFailed)
        #expect(bench.invoke(nil)?.failure == nil)
        #expect(bench.started == ["2/2", "3/-"])
        let snapshot = try #require(bench.dispatcher.snapshot(of: bench.name))
        #expect(snapshot.current?.number == 3)
        #expect(snapshot.versions[2]?.failures == 2)
        #expect(snapshot.versions[2]?.invocations == 2)
        #expect(snapshot.failures == 2)
    }

    @Test("An alias that moves leads elsewhere at once, and the version that it left ends when its number goes")
    func moves() throws {
        let bench = try bench()
        bench.dispatcher.deploy(bench.version(3), bench.named([.init(version: 2, weight: 1)], generation: 5))
        let exchange = try #require(bench.invoke("live"))
        bench.dispatcher.name(bench.name, bench.named([.init(version: 1, weight: 1)], generation: 6))
        #expect(bench.dispatcher.qualified(bench.name, "live")?.executedVersion == "1")
        // An older word, which came late.
        bench.dispatcher.name(bench.name, bench.named([.init(version: 2, weight: 1)], generation: 5))
        #expect(bench.dispatcher.qualified(bench.name, "live")?.executedVersion == "1")
        #expect(exchange.failure == nil)
        var gone = bench.named([.init(version: 1, weight: 1)], generation: 7)
        gone.names.unpublish(number: 2)
        gone.versions[2] = nil
        bench.dispatcher.name(bench.name, gone)
        #expect(bench.dispatcher.qualified(bench.name, "2") == nil)
        #expect(exchange.failure?.code == .functionNotFound)
        #expect(bench.asked.stops.withLock { $0.count } == 1)
    }

    @Test("When the function goes, its named versions go too")
    func removal() throws {
        let bench = try bench()
        bench.dispatcher.deploy(bench.version(3), bench.named([.init(version: 2, weight: 1)], min: 1, generation: 5))
        #expect(bench.started == ["2/2"])
        bench.dispatcher.remove(bench.name)
        #expect(bench.dispatcher.qualified(bench.name, "live") == nil)
        #expect(bench.asked.stops.withLock { $0.count } == 1)
        #expect(bench.dispatcher.pinned.isEmpty && bench.dispatcher.named.isEmpty)
    }

    @Test("Weights choose among the versions; equal values of the sticky field get the same one")
    func choice() throws {
        let bench = try bench()
        let shares: [VersionAlias.Share] = [.init(version: 1, weight: 0.7), .init(version: 2, weight: 0.3)]
        bench.dispatcher.deploy(bench.version(3), bench.named(shares, sticky: "x-user", generation: 5))
        let random = (0..<2000).count { _ in bench.dispatcher.qualified(bench.name, "live")?.executedVersion == "2" }
        #expect((480...720).contains(random), "\(random)")
        for user in 0..<50 {
            let versions = Set(
                (0..<5).map { _ in
                    bench.dispatcher.qualified(bench.name, "live", sticky: { $0 == "x-user" ? "\(user)" : nil })?
                        .executedVersion
                })
            #expect(versions.count == 1)
        }
    }

    @Test("A route's alias that does not exist yet leads to the version that serves")
    func missingAlias() throws {
        let bench = try bench()
        bench.dispatcher.deploy(bench.version(3, alias: "live"), nil)
        let function = try #require(bench.dispatcher.functions[bench.name])
        let before = try #require(bench.dispatcher.target(of: "live", function, sticky: { _ in nil }))
        #expect(before.function === function && before.qualifier == nil)
        #expect(bench.dispatcher.snapshot(of: bench.name)?.missingAliases == ["live"])
        bench.dispatcher.name(bench.name, bench.named([.init(version: 1, weight: 1)], generation: 6))
        let after = try #require(bench.dispatcher.target(of: "live", function, sticky: { _ in nil }))
        #expect(after.function.current?.number == 1 && after.qualifier == "live")
        #expect(bench.dispatcher.snapshot(of: bench.name)?.missingAliases == [])
    }
}
