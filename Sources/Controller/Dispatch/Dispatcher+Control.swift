import AdminModel
import ContainerEngine
import DispatchCore
import FunctionCatalog
import FunctionModel
import NIOCore

/// What the control plane asks of the dispatcher.
extension Dispatcher {
    /// What is known of each function, by name.
    func snapshots() -> [String: FunctionSnapshot] {
        var snapshots: [String: FunctionSnapshot] = [:]
        for name in functions.keys { snapshots[name.rawValue] = snapshot(of: name) }
        return snapshots
    }

    /// What is known of one function; nil when there is none.
    func snapshot(of name: FunctionName) -> FunctionSnapshot? {
        functions[name].map {
            FunctionSnapshot(
                $0, pools: pools(of: name), names: named[name]?.names, missingAliases: missingAliases($0))
        }
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

    /// Invokes a function with bytes that are the event; nil when there is no such function, version or alias.
    func invokeDirectly(
        _ name: FunctionName, _ qualifier: String? = nil, _ payload: ByteBuffer,
        done: @escaping (DirectOutcome?) -> Void
    ) {
        guard let function = qualified(name, qualifier)?.function else { return done(nil) }
        let id = InvocationID.random(using: &random)
        let exchange = DirectExchange { answer in
            let active = function.active[id]
            done(
                DirectOutcome(
                    id: id, version: active?.worker?.version.number ?? function.pool.currentVersion,
                    cold: active?.cold ?? false, answer: answer))
        }
        invoke(
            function, input: .direct(payload), payload: .raw, id: id, traceParent: nil,
            qualifier: qualifier, responder: exchange)
    }
}
