import HTTPCodec
import NIOCore
import Testing

/// A blocking HTTP client on one connection, as simple as the ones that handlers use.
final class TestHTTPClient {
    struct Response: Equatable {
        var status: Int
        var fields: [String: String]
        var body: String
    }

    let socket: TestSocket
    private var parser = HTTPResponseParser()

    init(port: UInt16) throws { socket = try TestSocket.connected(to: port) }

    /// Sends a request; `text` is what follows the request line.
    func send(_ method: HTTPMethod, _ path: String, _ text: String = "\r\n") throws {
        parser.expectResponse(to: method)
        try socket.send("\(method.name) \(path) HTTP/1.1\r\nHost: 127.0.0.1:9001\r\n\(text)")
    }

    func post(_ path: String, _ body: String, fields: String = "") throws {
        try send(.post, path, "\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    func exchange(_ method: HTTPMethod, _ path: String) throws -> Response {
        try send(method, path)
        return try response()
    }

    func exchange(post path: String, _ body: String, fields: String = "") throws -> Response {
        try post(path, body, fields: fields)
        return try response()
    }

    func response() throws -> Response {
        var response = Response(status: 0, fields: [:], body: "")
        while true {
            while let event = try parser.next() {
                switch event {
                case .head(let head):
                    response.status = head.status
                    for field in head.fields.pairs { response.fields[field.name] = field.value }
                case .body(let bytes): response.body += String(buffer: bytes)
                case .trailers: break
                case .end: return response
                }
            }
            let bytes = try socket.receive()
            guard !bytes.isEmpty else { throw SocketFailure("read") }
            parser.append(ByteBuffer(bytes: bytes))
        }
    }

    /// Whether the server has closed the connection.
    func isClosed() throws -> Bool { try socket.receive().isEmpty }
}
