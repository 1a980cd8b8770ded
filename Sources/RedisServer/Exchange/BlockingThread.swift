import Glibc

/// A thread of the system for work that blocks: the tasks' own threads are few and must not.
enum BlockingThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// What the work answers; nil when the system gives no thread.
    static func value<Value: Sendable>(of work: @escaping @Sendable () -> Value) async -> Value? {
        await withCheckedContinuation { continuation in
            let isStarted = start { continuation.resume(returning: work()) }
            if !isStarted { continuation.resume(returning: nil) }
        }
    }

    /// What the work answers, or why it failed.
    static func result<Value: Sendable>(
        of work: @escaping @Sendable () throws(RedisProcessError) -> Value
    ) async throws(RedisProcessError) -> Value {
        let result = await value { () -> Result<Value, RedisProcessError> in
            do throws(RedisProcessError) {
                return .success(try work())
            } catch {
                return .failure(error)
            }
        }
        guard let result else {
            throw RedisProcessError(
                .system, "The system gives no thread.", hint: "Raise the limit of processes (ulimit -u, TasksMax).")
        }
        return try result.get()
    }

    private static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
        // Retained once here; taken once by the thread, or below when there is none.
        let body = Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { pointer in
                if let pointer { Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run() }
                return nil
            }, body.toOpaque())
        guard result == 0 else {
            body.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}
