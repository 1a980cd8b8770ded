import FunctionModel
import HTTPCodec
import NIOCore

/// Writes the heads of the public listener's responses.
struct ResponseHeadWriter {
    let envelope: AnswerEnvelope
    /// The present `Date` line.
    let date: DateStamp

    /// What the handler's fields already say.
    private struct Seen {
        var contentType = false
        var date = false
        var requestID = false
    }

    /// Writes a head whose body has this framing. On an error the buffer is as it was.
    ///
    /// - Parameter contentType: the type to send when the fields have none; nil sends none.
    /// - Parameter keepsLength: whether a Content-Length among the fields is passed on, since the answer is to HEAD.
    func write(
        status: Int, contentType: StaticString?, fields: HTTPFields, framing: HTTPBodyFraming,
        keepsLength: Bool = false, into buffer: inout ByteBuffer
    ) throws(InvocationFailure) {
        let mark = buffer.writerIndex
        // 204 never has a length (RFC 9110, 8.6), and that of 205 is none.
        let keepsLength = keepsLength && status != 204 && status != 205
        HTTPWriter.writeStatusLine(status, into: &buffer)
        guard let seen = writeFields(fields, keepsLength: keepsLength, into: &buffer) else {
            buffer.moveWriterIndex(to: mark)
            throw InvocationFailure(
                .invalidResponse, "A header of the function's response holds a byte that headers cannot hold.")
        }
        if let contentType, !seen.contentType { HTTPWriter.writeField("Content-Type", contentType, into: &buffer) }
        if status != 204, status != 304, !keepsLength { HTTPWriter.writeFraming(framing, into: &buffer) }
        finish(seen, into: &buffer)
    }

    /// Nil when a name or value would break the message apart.
    private func writeFields(_ fields: HTTPFields, keepsLength: Bool, into buffer: inout ByteBuffer) -> Seen? {
        var seen = Seen()
        var isValid = true
        fields.forEachBytes { name, value in
            switch ResponseField.classify(name) {
            case .pass: break
            case .drop: return
            case .contentType: seen.contentType = true
            case .date: seen.date = true
            case .requestID: seen.requestID = true
            case .contentLength: if !keepsLength { return }
            }
            if envelope.overridesCORS, Self.isAboutOrigins(name) { return }
            guard isValid, FieldBytes.isName(name), FieldBytes.isValue(value) else {
                isValid = false
                return
            }
            Self.writeField(name, value, into: &buffer)
        }
        return isValid ? seen : nil
    }

    /// `Access-Control-…`
    private static func isAboutOrigins(_ name: UnsafeRawBufferPointer) -> Bool {
        name.count > 15
            && ASCII.equalIgnoringCase(UnsafeRawBufferPointer(rebasing: name[..<15]), "access-control-")
    }

    @inline(__always)
    private static func writeField(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, into buffer: inout ByteBuffer
    ) {
        let length = name.count &+ value.count &+ 4
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { target in
            target.copyMemory(from: name)
            target[name.count] = UInt8(ascii: ":")
            target[name.count &+ 1] = 0x20
            UnsafeMutableRawBufferPointer(rebasing: target[(name.count &+ 2)...]).copyMemory(from: value)
            target[length &- 2] = 0x0d
            target[length &- 1] = 0x0a
            return length
        }
    }

    /// Writes what every response carries, and the empty line.
    private func finish(_ seen: Seen, into buffer: inout ByteBuffer) {
        if let id = envelope.id { Self.writeID(id, isInvocation: envelope.isInvocation, into: &buffer) }
        if let requestID = envelope.requestID, !seen.requestID {
            buffer.writeStaticString("X-Request-Id: ")
            buffer.writeString(requestID)
            buffer.writeStaticString("\r\n")
        }
        envelope.extraFields?.forEachBytes { Self.writeField($0, $1, into: &buffer) }
        if !seen.date { date.write(into: &buffer) }
        if !envelope.keepAlive {
            buffer.writeStaticString("Connection: close\r\n\r\n")
        } else if envelope.minorVersion == 0 {
            buffer.writeStaticString("Connection: keep-alive\r\n\r\n")
        } else {
            HTTPWriter.writeEndOfHead(into: &buffer)
        }
    }

    /// The invocation's id under both of its names, Glo's and the one that Lambda's clients look for.
    private static func writeID(_ id: InvocationID, isInvocation: Bool, into buffer: inout ByteBuffer) {
        if isInvocation {
            buffer.writeStaticString("Glo-Invocation-Id: ")
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 36) {
                id.writeDescription(to: $0)
                return 36
            }
            buffer.writeStaticString("\r\n")
        }
        buffer.writeStaticString("x-amzn-RequestId: ")
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 36) {
            id.writeDescription(to: $0)
            return 36
        }
        buffer.writeStaticString("\r\n")
    }
}
