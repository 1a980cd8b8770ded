import FunctionModel
import HTTPCodec
import Logging
import NIOCore
import NIOEmbedded

@testable import DispatchCore
@testable import Gateway

/// One connection of the gateway on a channel without a socket.
final class EmbeddedGateway {
    let clock = ManualClock()
    let delegate: RecordingDelegate
    let gateway: GatewayContext
    let channel: EmbeddedChannel
    let handler: ConnectionHandler

    init(
        _ behaviour: RecordingDelegate.Behaviour = .echo, peer: String = "192.0.2.1",
        configuration: GatewayConfiguration = GatewayConfiguration(), routes: [Route]? = nil
    ) throws {
        delegate = RecordingDelegate(routes: try routes ?? Fixture.routes(), behaviour: behaviour)
        let loop = EmbeddedEventLoop()
        gateway = GatewayContext(
            loop: loop, configuration: configuration, clock: clock.clock, logger: Logger(label: "test"),
            delegate: delegate)
        let peer = Peer(
            remote: try SocketAddress(ipAddress: peer, port: 50_000),
            local: try SocketAddress(ipAddress: "192.0.2.9", port: 8080), trusted: configuration.trustedProxies)
        handler = ConnectionHandler(gateway: gateway, peer: peer)
        channel = EmbeddedChannel(handler: handler, loop: loop)
        try channel.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 1)).wait()
    }

    deinit { _ = try? channel.finish(acceptAlreadyClosed: true) }

    /// Bytes from the client, in one read.
    func send(_ text: String) throws { try send(ByteBuffer(string: text)) }

    func send(_ bytes: ByteBuffer) throws {
        guard channel.isActive else { return }
        try channel.writeInbound(bytes)
        channel.embeddedEventLoop.run()
    }

    /// All that has been flushed to the client since the last call.
    func received() throws -> String {
        channel.embeddedEventLoop.run()
        var text = ""
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: bytes) }
        return text
    }

    /// Sends and gives what comes back.
    func exchange(_ text: String) throws -> String {
        try send(text)
        return try received()
    }

    var isOpen: Bool { channel.isActive }

    func tick() { handler.tick(now: clock.now) }
}

/// The pieces of one response as text.
struct ParsedResponse {
    let status: String
    let fields: [(name: String, value: String)]
    let body: String

    init(_ text: String) {
        let end = text.range(of: "\r\n\r\n")
        let head = end.map { text[..<$0.lowerBound] } ?? text[...]
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
        status = lines.first.map(String.init) ?? ""
        fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
        }
        body = end.map { String(text[$0.upperBound...]) } ?? ""
    }

    func field(_ name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    func all(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }
}

extension StringProtocol {
    /// The first place of a text in this one.
    func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) {
                guard let end = index(start, offsetBy: text.count, limitedBy: endIndex) else { return nil }
                return start..<end
            }
            formIndex(after: &start)
        }
        return nil
    }
}
