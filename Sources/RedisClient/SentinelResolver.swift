import BatchedWrites
import NIOCore

/// Asks sentinels in turn where the master is; the one that knew is asked first the next time.
/// Confined to its event loop.
final class SentinelResolver {
    typealias Completion = (Result<RedisAddress, RedisError>) -> Void

    private let masterName: String
    private let credentials: RedisCredentials?
    private let loop: any EventLoop
    private let isolatedLoop: NIOIsolatedEventLoop
    private let flushes: FlushQueue
    private let timeoutMilliseconds: Int
    private(set) var sentinels: [RedisAddress]
    private var current: Query?

    /// One question to all of them.
    private struct Query {
        let done: Completion
        var index = 0
        var socket: RedisSocket?
        var timer: Scheduled<Void>?
        /// Answers that come before the one to the question.
        var skipped = 0
    }

    /// Nil for an endpoint without sentinels.
    init?(_ endpoint: RedisEndpoint, loop: any EventLoop, flushes: FlushQueue, timeoutMilliseconds: Int) {
        guard case .sentinel(let masterName, let sentinels) = endpoint.place else { return nil }
        self.masterName = masterName
        self.sentinels = sentinels
        self.loop = loop
        self.flushes = flushes
        self.timeoutMilliseconds = timeoutMilliseconds
        credentials = endpoint.sentinelCredentials
        isolatedLoop = loop.assumeIsolated()
    }

    /// Calls `done` later and once, unless `cancel` comes first.
    func resolve(_ done: @escaping Completion) {
        cancel()
        current = Query(done: done)
        ask()
    }

    var isAsking: Bool { current != nil }

    func cancel() {
        current?.timer?.cancel()
        current?.socket?.close()
        current = nil
    }

    private func ask() {
        guard let index = current?.index else { return }
        let socket = RedisSocket(flushes: flushes, delegate: self)
        current?.socket = socket
        current?.skipped = 0
        current?.timer = isolatedLoop.scheduleTask(in: .milliseconds(Int64(timeoutMilliseconds))) {
            self.next(after: socket, "did not answer in time")
        }
        socket.connect(to: .tcp(sentinels[index]), on: loop, timeoutMilliseconds: timeoutMilliseconds)
    }

    /// This one does not help.
    private func next(after socket: RedisSocket, _ why: String) {
        guard let query = current, query.socket === socket else { return }
        query.timer?.cancel()
        socket.close()
        let asked = sentinels[query.index]
        guard query.index + 1 < sentinels.count else {
            current = nil
            let error = RedisError(
                .unavailable, "No sentinel says where '\(masterName)' is; the last one, \(asked), \(why).",
                hint: "Check the sentinels of the Redis URL and the master's name.")
            return query.done(.failure(error))
        }
        current?.index += 1
        ask()
    }

    private func found(_ address: RedisAddress) {
        guard let query = current else { return }
        cancel()
        sentinels.insert(sentinels.remove(at: query.index), at: 0)
        query.done(.success(address))
    }
}

extension SentinelResolver: RedisSocketDelegate {
    func socketConnected(_ socket: RedisSocket) {
        guard current?.socket === socket else { return }
        if let credentials {
            current?.skipped = 1
            socket.write(credentials.command)
        }
        socket.write(RedisCommand("SENTINEL", "get-master-addr-by-name", masterName))
    }

    func socket(_ socket: RedisSocket, received value: RedisValue) {
        guard let query = current, query.socket === socket else { return }
        if case .error(let error) = value { return next(after: socket, "says: \(error)") }
        guard query.skipped == 0 else {
            current?.skipped -= 1
            return
        }
        if value.isNull { return next(after: socket, "does not know that name") }
        guard let parts = value.array, parts.count == 2, let host = parts[0].string, let port = parts[1].int else {
            return next(after: socket, "is no sentinel")
        }
        found(RedisAddress(host: host, port: Int(port)))
    }

    func socketEnded(_ socket: RedisSocket, _ reason: RedisError) {
        next(after: socket, "is not reachable")
    }
}
