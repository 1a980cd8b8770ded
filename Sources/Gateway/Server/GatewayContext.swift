import BatchedWrites
import DispatchCore
import FunctionModel
import HTTPCodec
import Logging
import NIOCore

/// What all connections of one event loop share. Confined to that loop.
final class GatewayContext {
    let configuration: GatewayConfiguration
    let clock: GatewayClock
    let logger: Logger
    let cleaner: RequestFieldCleaner
    let parserLimits: HTTPParserLimits
    unowned let delegate: any GatewayDelegate
    /// Who answers all requests; nil for a listener with routes.
    let wholeRequests: (any WholeRequestDelegate)?
    var random = BufferedRandom()
    var registry = ConnectionRegistry()
    var limiters = RouteLimiters()
    /// What the bodies hold that have not arrived whole.
    var bodies: BodyBudget
    private(set) var isDraining = false
    /// Runs when the number of connections has changed from or to zero.
    var connectionsChanged: () -> Void = {}
    private var date = DateStamp(unixSeconds: 0)
    let flushes: FlushQueue
    /// Heads and small bodies are written here, in turn. A turn of the loop later the socket has taken them, and the
    /// storage is used again.
    private var scratch = [ByteBuffer](repeating: ByteBuffer(), count: GatewayContext.scratchCount)
    private var nextScratch = 0
    private static let scratchCount = 64

    /// - Parameter wholeRequests: who answers all requests of a listener without routes.
    init(
        loop: any EventLoop, configuration: GatewayConfiguration, clock: GatewayClock, logger: Logger,
        delegate: any GatewayDelegate, wholeRequests: (any WholeRequestDelegate)? = nil
    ) {
        flushes = FlushQueue(loop: loop)
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        self.delegate = delegate
        self.wholeRequests = wholeRequests
        cleaner = RequestFieldCleaner(
            trustedProxies: configuration.trustedProxies,
            hiddenCookie: configuration.hiddenCookie.map(CookieFilter.init),
            traceSample: configuration.traceSample)
        bodies = BodyBudget(limit: configuration.maxPartialBodyBytes)
        parserLimits = HTTPParserLimits(
            startLineBytes: min(8192, configuration.maxHeadBytes), headerBytes: configuration.maxHeadBytes)
    }

    func beginDraining() { isDraining = true }

    /// The `Date` line of this second.
    func currentDate() -> DateStamp {
        date.update(unixSeconds: clock.unixMilliseconds() / 1000)
        return date
    }

    /// Lends out the scratch buffer, empty; what `body` writes there is handed to the channel before the next use.
    @inline(__always)
    func withScratch<Result>(_ body: (inout ByteBuffer) -> Result) -> Result {
        nextScratch = (nextScratch + 1) & (Self.scratchCount - 1)
        scratch[nextScratch].clear()
        return body(&scratch[nextScratch])
    }

    func connectionOpened(_ connection: ConnectionHandler) {
        registry.insert(connection)
        if registry.count == 1 { connectionsChanged() }
    }

    func connectionClosed(_ connection: ConnectionHandler) {
        guard connection.registryIndex != nil else { return }
        registry.remove(connection)
        if registry.count == 0 { connectionsChanged() }
    }
}
