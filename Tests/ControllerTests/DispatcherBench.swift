import DispatchCore
import FunctionCatalog
import FunctionModel
import Logging
import NIOCore
import NIOEmbedded
import Synchronization

@testable import Controller

/// A dispatcher without containers: what it asks of the supervisor is noted down.
final class DispatcherBench {
    /// What the dispatcher asked for.
    final class Asked: Sendable {
        let starts = Mutex<[(id: WorkerID, version: FunctionVersion)]>([])
        let stops = Mutex<[WorkerID]>([])
        /// Starts that were told that all was stopped for them that could be.
        let looked = Mutex<[WorkerID]>([])
    }

    /// Takes one answer.
    final class Exchange: InvocationResponder {
        var failure: InvocationFailure?
        func reply(_ reply: InvocationReply) { if case .failure(let failure) = reply { self.failure = failure } }
        func assigned(to version: FunctionVersion) {}
        func attach(flow: any InvocationFlow) {}
    }

    let loop = EmbeddedEventLoop()
    let asked = Asked()
    let dispatcher: Dispatcher
    let name: FunctionName

    init(_ name: FunctionName) {
        self.name = name
        let asked = asked
        let environment = DispatcherEnvironment(
            command: { command in
                switch command {
                case .start(let request): asked.starts.withLock { $0.append((request.id, request.version)) }
                case .stop(let id, _): asked.stops.withLock { $0.append(id) }
                case .looked(let id): asked.looked.withLock { $0.append(id) }
                case .connect: break
                }
            },
            memory: { _ in nil }, usage: { _, _ in nil }, engineProblem: { nil }, record: { _ in }, trace: { _ in },
            functionEvent: { _ in }, unixMilliseconds: { 1 })
        dispatcher = Dispatcher(
            loop: loop, environment: environment, observation: ObservationSettings(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    func version(_ number: Int, min: Int = 0, published: Int? = nil, alias: String? = nil) -> FunctionVersion {
        var manifest = Manifest()
        manifest.workers.min = min
        if let alias { manifest.triggers = [.http(HTTPTrigger(path: "/a", alias: alias))] }
        var version = FunctionVersion(
            name: name, number: number, contentHash: "\(number)", contract: .exec, command: ["/x"], manifest: manifest,
            filesPath: "/nowhere", createdAtMilliseconds: 1)
        version.publishedNumber = published
        return version
    }

    /// Versions 1 and 2 are published under 1 and 2.
    func named(_ shares: [VersionAlias.Share]?, sticky: String? = nil, min: Int = 0, generation: Int) -> NamedVersions {
        var names = VersionNames()
        _ = names.publish(1, atMilliseconds: 1)
        _ = names.publish(2, atMilliseconds: 1)
        if let shares {
            names.set(VersionAlias(name: "live", shares: shares, stickyHeader: sticky), atMilliseconds: 1)
        }
        names.generation = generation
        return NamedVersions(
            names: names,
            versions: [1: version(1, min: min, published: 1), 2: version(2, min: min, published: 2)])
    }

    func invoke(_ qualifier: String?) -> Exchange? {
        guard let target = dispatcher.qualified(name, qualifier) else { return nil }
        let exchange = Exchange()
        dispatcher.invoke(
            target.function, input: .direct(ByteBuffer()), payload: .raw, traceParent: nil, qualifier: qualifier,
            responder: exchange)
        return exchange
    }

    /// What was asked to start, as version and published number.
    var started: [String] {
        asked.starts.withLock {
            $0.map { "\($0.version.number)/\($0.version.publishedNumber.map(String.init) ?? "-")" }
        }
    }
}
