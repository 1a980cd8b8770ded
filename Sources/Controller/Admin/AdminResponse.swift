import AdminModel
import HTTPTypes
import Hummingbird
import NIOCore

/// Answers of the admin API.
enum AdminResponse {
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        response(try AdminJSON.encode(value), status: status, contentType: "application/json")
    }

    static func problem(_ error: AdminError) -> Response {
        let bytes = (try? AdminJSON.encode(error.document)) ?? []
        var response = response(
            bytes, status: .init(code: error.code.status), contentType: ProblemDocument.contentType)
        if error.code == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }

    /// One JSON document a line, until the records end, the client leaves or the server stops.
    static func lines(_ records: AsyncStream<LogRecord>) -> Response {
        let body = ResponseBody { writer in
            // The task is cancelled when the client leaves or the server stops.
            do {
                for await record in records {
                    try await writer.write(ByteBuffer(bytes: try AdminJSON.encode(record) + [UInt8(ascii: "\n")]))
                }
            } catch is CancellationError {
                // Nobody reads what follows.
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: "application/x-ndjson", .cacheControl: "no-store"], body: body)
    }

    /// Server-sent events, until the client leaves or the server stops.
    static func events(_ stream: EventStream) -> Response {
        let body = ResponseBody { writer in
            // The task is cancelled when the client leaves or the server stops.
            do {
                for await event in stream.events() { try await writer.write(ByteBuffer(bytes: event)) }
            } catch is CancellationError {
                // Nobody reads what follows.
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }

    static func bytes(_ bytes: [UInt8], contentType: String) -> Response {
        response(bytes, status: .ok, contentType: contentType)
    }

    private static func response(_ bytes: [UInt8], status: HTTPResponse.Status, contentType: String) -> Response {
        Response(
            status: status, headers: [.contentType: contentType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
