import FunctionModel

/// A value that is costly to ask for and is asked for by many: it is asked for once, and again only when it is old.
actor Cached<Value: Sendable> {
    private let milliseconds: Int64
    private var known: (value: Value, at: MonotonicTime)?
    private var asking: Task<Value, Never>?

    /// - Parameter milliseconds: how old a value may be.
    init(milliseconds: Int64) { self.milliseconds = milliseconds }

    func value(_ ask: @escaping @Sendable () async -> Value) async -> Value {
        if let known, MonotonicTime.now().milliseconds(since: known.at) < milliseconds { return known.value }
        if let asking { return await asking.value }
        let task = Task { await ask() }
        asking = task
        let value = await task.value
        asking = nil
        known = (value, MonotonicTime.now())
        return value
    }
}
