import FunctionModel
import Glibc
import Testing

@testable import FunctionCatalog

@Suite("Random drops on a real disk", .timeLimit(.minutes(2)))
struct RandomDropsTests {
    let fixture: CatalogFixture

    init() throws { fixture = try CatalogFixture() }

    @Test("After any sequence of drops, replacements and removals the directory is the truth", arguments: [1, 7, 2026])
    func sequence(seed: UInt64) async throws {
        var generator = SplitMix(state: seed)
        var running = fixture.start(settle: 5)
        try await running.scanned()
        let names = ["a", "b", "c", "d"]
        var model: [String: String] = [:]
        for round in 0..<15 {
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let name = try #require(names.randomElement(using: &generator))
                try change(name, "\(round)-\(generator.next() % 5)", &model, &generator)
            }
            // The last word of the round tells that everything before it has been seen.
            try fixture.dropScript("marker", "\(round)")
            try await settle(&running, model)
        }
        _ = await running.stop()

        running = fixture.start(settle: 0)
        try await settle(&running, model)
        _ = await running.stop()
    }

    private func change(
        _ name: String, _ word: String, _ model: inout [String: String], _ generator: inout SplitMix
    ) throws {
        switch Int.random(in: 0..<5, using: &generator) {
        case 0:
            try fixture.remove(name)
            model[name] = nil
        case 1:
            try fixture.remove(name)
            try fixture.dropScript("\(name)/handler", word)
            model[name] = word
        case 2:
            try fixture.remove(name)
            try fixture.replace(name, CatalogFixture.script(word))
            model[name] = word
        default:
            if access("\(fixture.functions)/\(name)/handler", F_OK) == 0 {
                try fixture.dropScript("\(name)/handler", word)
            } else {
                try fixture.dropScript(name, word)
            }
            model[name] = word
        }
    }

    /// Takes events until what serves is what the model says.
    private func settle(_ running: inout RunningCatalog, _ model: [String: String]) async throws {
        while try await serving(running) != model {
            if case .candidate(let version, _) = try await running.next() { await running.catalog.activated(version) }
        }
    }

    private func serving(_ running: RunningCatalog) async throws -> [String: String] {
        var found: [String: String] = [:]
        for entry in await running.catalog.list() where entry.name != "marker" {
            guard let version = entry.current else { continue }
            let isDirectory = access("\(version.filesPath)/handler", F_OK) == 0
            let text = try fixture.stored(version, isDirectory ? "handler" : entry.file)
            found[entry.name] = text.split(separator: " ").last.map { String($0.dropLast()) }
        }
        return found
    }
}
