import EventStore
import NIOCore

/// Content files on a loop, asked with `await`.
final class ContentClient: Sendable {
    private let loop: any EventLoop
    private let files: NIOLoopBound<ContentFiles>

    init(directory: String, loop: any EventLoop) async throws {
        self.loop = loop
        files = try await loop.submit {
            NIOLoopBound(try ContentFiles(directory: directory, loop: loop), eventLoop: loop)
        }.get()
    }

    func ask<Answer: Sendable>(
        _ question: @escaping @Sendable (ContentFiles, @escaping (Result<Answer, ContentFileError>) -> Void) -> Void
    ) async throws -> Answer {
        let promise = loop.makePromise(of: Answer.self)
        loop.execute { [files] in question(files.value) { promise.completeWith($0.mapError { $0 }) } }
        return try await promise.futureResult.get()
    }

    func sweep(_ store: StoreClient, ageSeconds: Int) async throws -> Int {
        try await ask(store) { $0.sweep($1, ageSeconds: ageSeconds, $2) }
    }

    func removeUnused(_ store: StoreClient) async throws -> Int { try await ask(store) { $0.removeUnused($1, $2) } }

    private func ask(
        _ client: StoreClient,
        _ question: @escaping @Sendable (ContentFiles, EventStore, @escaping (Result<Int, any Error>) -> Void) -> Void
    ) async throws -> Int {
        let promise = loop.makePromise(of: Int.self)
        loop.execute { [files] in client.withStore { question(files.value, $0) { promise.completeWith($0) } } }
        return try await promise.futureResult.get()
    }
}
