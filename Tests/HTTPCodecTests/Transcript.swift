import HTTPCodec
import NIOCore

/// What a parser said about some bytes, in a form that does not depend on how they were cut.
enum Transcript {
    static func ofRequests(
        _ pieces: [ByteBuffer], limits: HTTPParserLimits = HTTPParserLimits(), requiresHost: Bool = true
    ) -> [String] {
        var parser = HTTPRequestParser(limits: limits, requiresHost: requiresHost)
        var lines: [String] = []
        var body = ""
        for piece in pieces {
            parser.append(piece)
            do throws(HTTPParseError) {
                while let event = try parser.next() {
                    switch event {
                    case .head(let head): lines.append(describe(head))
                    case .body(let bytes): body += String(buffer: bytes)
                    case .trailers(let fields): lines.append("trailers \(describe(fields))")
                    case .end:
                        lines.append("body \(body)")
                        body = ""
                    }
                }
            } catch {
                lines.append("error \(error.reason)")
                return lines
            }
        }
        return lines
    }

    static func ofResponses(_ pieces: [ByteBuffer], to methods: [HTTPMethod], closing: Bool = false) -> [String] {
        var parser = HTTPResponseParser()
        for method in methods { parser.expectResponse(to: method) }
        var lines: [String] = []
        var body = ""
        func note(_ event: HTTPResponseEvent) {
            switch event {
            case .head(let head):
                lines.append("\(head.status) \(head.framing) keepAlive=\(head.keepAlive) \(describe(head.fields))")
            case .body(let bytes): body += String(buffer: bytes)
            case .trailers(let fields): lines.append("trailers \(describe(fields))")
            case .end:
                lines.append("body \(body)")
                body = ""
            }
        }
        do throws(HTTPParseError) {
            for piece in pieces {
                parser.append(piece)
                while let event = try parser.next() { note(event) }
            }
            if closing, let event = try parser.finish() { note(event) }
        } catch {
            lines.append("error \(error.reason)")
        }
        return lines
    }

    static func describe(_ head: HTTPRequestHead) -> String {
        "\(head.method.name) \(head.path) ?\(head.query) 1.\(head.minorVersion) \(head.framing) "
            + "keepAlive=\(head.keepAlive) continue=\(head.expectsContinue) \(describe(head.fields))"
    }

    static func describe(_ fields: HTTPFields) -> String {
        fields.pairs.map { "\($0.name)=\($0.value)" }.joined(separator: "|")
    }

    /// The bytes in one piece.
    static func whole(_ text: String) -> [ByteBuffer] { [ByteBuffer(string: text)] }

    /// The bytes in two pieces.
    static func cut(_ text: String, at position: Int) -> [ByteBuffer] {
        let bytes = Array(text.utf8)
        return [ByteBuffer(bytes: bytes[..<position]), ByteBuffer(bytes: bytes[position...])]
    }

    /// The bytes one by one.
    static func single(_ text: String) -> [ByteBuffer] { text.utf8.map { ByteBuffer(bytes: [$0]) } }
}
