extension ContentFiles {
    /// How long a file may be there before an event refers to it, in seconds.
    package static let graceSeconds = 3_600

    /// Removes the files that the library gives up, at most `limit`. Gives their number.
    package func removeUnused(
        _ store: EventStore, limit: Int = 100, _ done: @escaping (Result<Int, any Error>) -> Void
    ) {
        store.blobs(limit: limit) { result in
            switch result {
            case .failure(let error): done(.failure(error))
            case .success(let refs): self.remove(refs, count: refs.count, done)
            }
        }
    }

    /// Removes what was written longer than ``graceSeconds`` ago and belongs to no event: whoever wrote it ended
    /// before the event was accepted. Gives their number. To be called at the start and each day or so.
    package func sweep(
        _ store: EventStore, ageSeconds: Int = graceSeconds, _ done: @escaping (Result<Int, any Error>) -> Void
    ) {
        old(ageSeconds: ageSeconds) { result in
            switch result {
            case .failure(let error): done(.failure(error))
            case .success(let refs): self.sweep(store, refs[...], removed: 0, done)
            }
        }
    }

    private func sweep(
        _ store: EventStore, _ refs: ArraySlice<String>, removed: Int,
        _ done: @escaping (Result<Int, any Error>) -> Void
    ) {
        guard !refs.isEmpty else { return done(.success(removed)) }
        let batch = Array(refs.prefix(500))
        store.blobKnown(batch) { result in
            switch result {
            case .failure(let error): done(.failure(error))
            case .success(let known):
                let unknown = zip(batch, known).filter { !$0.1 }.map(\.0)
                self.remove(unknown, count: unknown.count) { result in
                    switch result {
                    case .failure(let error): done(.failure(error))
                    case .success(let count):
                        self.sweep(store, refs.dropFirst(batch.count), removed: removed + count, done)
                    }
                }
            }
        }
    }

    private func remove(_ refs: [String], count: Int, _ done: @escaping (Result<Int, any Error>) -> Void) {
        guard count > 0 else { return done(.success(0)) }
        remove(refs) { result in done(result.map { count }.mapError { $0 }) }
    }
}
