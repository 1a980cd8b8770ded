import CLibrary
import CLinux

/// Opens connections to the server of an http worker and passes them on. One attempt at a time; a server that is not
/// there yet is tried again, after 2 ms at first and 50 ms at last.
final class HTTPConnector {
    /// Connections that may be asked for at once; more is a mistake of the controller.
    private static let limit = 1024
    private static let firstPause: Int64 = 2_000_000
    private static let lastPause: Int64 = 50_000_000

    private let worker: UInt32
    private let port: UInt16
    private let context: InitContext
    /// When each connection that is asked for is given up.
    private var wanted: [Int64] = []
    private var attempt = Descriptor()
    private var retryAt: Int64 = 0
    private var pause = HTTPConnector.firstPause
    private var lastError = ETIMEDOUT

    init(worker: UInt32, port: UInt16, context: InitContext) {
        self.worker = worker
        self.port = port
        self.context = context
    }

    /// The connection that is being opened, -1 when there is none. It is watched for writability.
    var descriptor: Int32 { attempt.raw }

    /// Asks for one more connection.
    func want(timeoutMilliseconds: Int) {
        guard wanted.count < Self.limit else {
            return context.control.sendConnectFailed(worker: worker, error: EAGAIN)
        }
        if wanted.isEmpty {
            pause = Self.firstPause
            retryAt = context.now
            lastError = ETIMEDOUT
        }
        wanted.append(context.deadline(milliseconds: timeoutMilliseconds))
        advance()
    }

    var deadline: Int64 {
        if wanted.isEmpty { return Int64.max }
        let earliest = wanted.reduce(Int64.max) { min($0, $1) }
        return attempt.isOpen ? earliest : min(earliest, retryAt)
    }

    /// The attempt has become writable or failed.
    func attemptIsReady() {
        guard attempt.isOpen else { return }
        let error = clinux_socket_error(attempt.raw)
        if error == 0 { succeed() } else { fail(error) }
        advance()
    }

    func tick() {
        giveUpLate()
        advance()
    }

    /// The server has ended: nothing more is said about connections.
    func abandon() {
        wanted = []
        attempt.close()
    }

    private func advance() {
        while !wanted.isEmpty, !attempt.isOpen, context.now >= retryAt {
            var isConnected = false
            attempt = Descriptor(owning: clinux_connect_loopback(port, &isConnected))
            if !attempt.isOpen { fail(clinux_errno()) } else if isConnected { succeed() }
        }
    }

    private func succeed() {
        wanted.removeFirst()
        pause = Self.firstPause
        retryAt = context.now
        lastError = ETIMEDOUT
        context.control.sendDescriptors(
            [attempt.take()], kind: GLO_DESCRIPTORS_CONNECTION, worker: worker, port: port)
    }

    private func fail(_ error: Int32) {
        lastError = error
        attempt.close()
        retryAt = context.now + pause
        pause = min(pause * 3 / 2, Self.lastPause)
    }

    private func giveUpLate() {
        let before = wanted.count
        wanted.removeAll { $0 <= context.now }
        for _ in wanted.count..<before { context.control.sendConnectFailed(worker: worker, error: lastError) }
        if wanted.isEmpty { attempt.close() }
    }
}
