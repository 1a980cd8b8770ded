import LinuxSystem

/// A task's work that blocks, on a thread of the system.
enum BlockingThread {
    /// What the work answers; nil when the system gives no thread.
    static func value<Value: Sendable>(of work: @escaping @Sendable () -> Value) async -> Value? {
        await withCheckedContinuation { continuation in
            do throws(SystemError) {
                _ = try DedicatedThread { continuation.resume(returning: work()) }
            } catch {
                continuation.resume(returning: nil)
            }
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
}
