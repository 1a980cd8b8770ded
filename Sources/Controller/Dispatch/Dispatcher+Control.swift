import AdminModel
import ContainerEngine
import DispatchCore
import FunctionModel
import NIOCore

/// What the control plane asks of the dispatcher.
extension Dispatcher {
    /// What is known of each function, by name.
    func snapshots() -> [String: FunctionSnapshot] {
        var snapshots: [String: FunctionSnapshot] = [:]
        for function in functions.values { snapshots[function.name.rawValue] = FunctionSnapshot(function) }
        return snapshots
    }

    /// The functions whose routes are in the table, as far as they have any.
    var servingNames: Set<FunctionName> { routesAreStale ? [] : Set(functions.keys) }

    func workerInfos() -> [WorkerInfo] {
        let now = now
        let unixMilliseconds = environment.unixMilliseconds()
        return workers.values.map { entry in
            let pooled = entry.function.pool.worker(entry.id)
            var info = WorkerInfo(
                entry, phase: pooled?.phase, inFlight: pooled?.inFlight ?? 0, now: now,
                unixMilliseconds: unixMilliseconds)
            if let container = entry.container { info.memoryBytes = environment.memory(container)?.currentBytes }
            return info
        }
    }

    /// Invokes a function with bytes that are the event; nil when there is no such function.
    func invokeDirectly(_ name: FunctionName, _ payload: ByteBuffer, done: @escaping (DirectOutcome?) -> Void) {
        guard let function = functions[name] else { return done(nil) }
        let id = InvocationID.random(using: &random)
        let exchange = DirectExchange { answer in
            let active = function.active[id]
            done(
                DirectOutcome(
                    id: id, version: active?.worker?.version.number ?? function.pool.currentVersion,
                    cold: active?.cold ?? false, answer: answer))
        }
        invoke(function, input: .direct(payload), payload: .raw, id: id, traceParent: nil, responder: exchange)
    }
}
