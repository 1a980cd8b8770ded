import Glibc

/// A few threads for calls that block, behind an async function.
///
/// Each thread owns one `Resource` (a ``CurlSession`` with its connections, say), so that nothing of it crosses
/// threads. Threads are made when work waits and end after a while without any.
package final class BlockingPool<Resource: ~Copyable>: Sendable {
    private let core: BlockingPoolCore<Resource>

    /// - Parameters:
    ///   - name: what the threads are called, at most 15 bytes.
    ///   - threads: the most there will be.
    ///   - idleSeconds: how long a thread without work stays.
    package init(
        name: String, threads: Int, idleSeconds: Int = 30, makeResource: @escaping @Sendable () -> Resource
    ) {
        core = BlockingPoolCore(name: name, threads: max(1, threads), idleSeconds: idleSeconds, make: makeResource)
    }

    deinit { core.stop() }

    /// Runs `body` on a thread of the pool, in the order of the calls. When the calling task is cancelled the
    /// `Cancellation` says so; `body` looks at it and throws what it likes.
    package func run<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable (borrowing Resource, Cancellation) throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let cancellation = Cancellation()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<Value, Failure>, Never>) in
                core.submit { resource in
                    let result: Result<Value, Failure>
                    do throws(Failure) {
                        result = .success(try body(resource, cancellation))
                    } catch {
                        result = .failure(error)
                    }
                    continuation.resume(returning: result)
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
        return try result.get()
    }

    /// How many threads there are now, working or waiting.
    package var threadCount: Int { core.threadCount }
}
