import FunctionModel
import Testing

@testable import FunctionCatalog

/// A catalogue at work, and its events one after the other.
struct RunningCatalog {
    let catalog: FunctionCatalog
    private let task: Task<CatalogError?, Never>
    private var iterator: AsyncStream<CatalogEvent>.Iterator

    init(_ catalog: FunctionCatalog) {
        self.catalog = catalog
        iterator = catalog.events.makeAsyncIterator()
        task = Task {
            do throws(CatalogError) {
                try await catalog.prepare()
            } catch {
                return error
            }
            await catalog.run()
            return nil
        }
    }

    /// Ends it, as the end of the controller would.
    func stop() async -> CatalogError? {
        task.cancel()
        return await task.value
    }

    mutating func next() async throws -> CatalogEvent { try #require(await iterator.next()) }

    /// The next event, which must be a candidate.
    mutating func candidate(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) async throws
        -> FunctionVersion
    {
        let event = try await next()
        guard case .candidate(let version, _) = event, version.name.rawValue == name else {
            throw Unexpected(event: event, wanted: "candidate \(name)", location: sourceLocation)
        }
        return version
    }

    /// The next event, which must be a candidate; it is activated.
    @discardableResult
    mutating func activate(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) async throws
        -> FunctionVersion
    {
        let version = try await candidate(name, sourceLocation: sourceLocation)
        await catalog.activated(version)
        return version
    }

    mutating func rejected(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) async throws
        -> [CatalogProblem]
    {
        let event = try await next()
        guard case .rejected(name, let problems) = event else {
            throw Unexpected(event: event, wanted: "rejected \(name)", location: sourceLocation)
        }
        return problems
    }

    mutating func removed(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let event = try await next()
        guard case .removed(let removed) = event, removed.rawValue == name else {
            throw Unexpected(event: event, wanted: "removed \(name)", location: sourceLocation)
        }
    }

    mutating func scanned(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let event = try await next()
        guard case .scanned = event else {
            throw Unexpected(event: event, wanted: "scanned", location: sourceLocation)
        }
    }

    func entry(_ name: String) async throws -> CatalogEntry {
        try #require(await catalog.list().first { $0.name == name })
    }

    struct Unexpected: Error, CustomStringConvertible {
        let event: CatalogEvent
        let wanted: String
        let location: SourceLocation
        var description: String { "wanted \(wanted), got \(event) (\(location))" }
    }
}
