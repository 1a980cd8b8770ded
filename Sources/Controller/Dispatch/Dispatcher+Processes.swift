import ContainerEngine
import DispatchCore
import FunctionModel
import HTTPCodec
import Logging
import WorkerProtocol

extension Dispatcher {
    /// Replaces a worker that failed and can start no process or thread any more: children that its handler has left take
    /// up its limit, and it would fail for ever. (What a run of an `exec` worker leaves ends with the run.)
    func replaceIfOutOfProcesses(_ entry: WorkerEntry, after reply: InvocationReply) {
        guard Self.isTroubled(reply), entry.version.contract != .exec, let container = entry.container,
            let reading = environment.processes(container), reading.isUsedUp
        else { return }
        log(
            .warning, "A worker has used up its processes and is replaced", entry,
            ["processes": "\(reading.count)", "limit": "\(entry.version.manifest.limits.processes)"])
        withPool(entry.function) { $0.retire(entry.id, now: $1, actions: &$2) }
    }

    private static func isTroubled(_ reply: InvocationReply) -> Bool {
        switch reply {
        case .failure: true
        case .responseHead(let head): head.status >= 500
        case .result, .responseChunk, .responseEnd: false
        }
    }
}
