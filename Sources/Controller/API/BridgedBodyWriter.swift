import HTTPTypes
import Hummingbird
import NIOCore

/// Writes the body of an admin answer to a connection of the gateway.
struct BridgedBodyWriter: ResponseBodyWriter {
    let stream: NIOLoopBound<BridgedStream>
    let loop: any EventLoop

    /// - Throws: `CancellationError` when the client has left.
    func write(_ buffer: ByteBuffer) async throws {
        let (stream, loop) = (stream, loop)
        let isThere = await withCheckedContinuation { continuation in
            loop.execute { stream.value.write(buffer, continuation) }
        }
        guard isThere else { throw CancellationError() }
    }

    func finish(_ trailingHeaders: HTTPTypes.HTTPFields?) async throws {
        let stream = stream
        loop.execute { stream.value.end() }
    }
}

/// Collects a body whose length is known.
struct CollectingBodyWriter: ResponseBodyWriter {
    final class Box {
        var body = ByteBuffer()
    }

    let box: Box

    func write(_ buffer: ByteBuffer) async throws { box.body.writeImmutableBuffer(buffer) }
    func finish(_ trailingHeaders: HTTPTypes.HTTPFields?) async throws {}
}
