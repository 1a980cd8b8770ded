package import NIOCore

/// Writes HTTP/1.1 messages straight into a buffer, without strings in between.
///
/// What comes from outside is checked: a name or value with CR, LF or NUL is refused before anything of it is written.
package enum HTTPWriter {
    // MARK: Lines

    /// `HTTP/1.1 200 OK` and its line end. The status has three digits.
    package static func writeStatusLine(_ status: Int, into buffer: inout ByteBuffer) {
        precondition(status >= 100 && status <= 999, "a status has three digits")
        if status == 200 {
            buffer.writeStaticString("HTTP/1.1 200 OK\r\n")
            return
        }
        buffer.writeStaticString("HTTP/1.1 ")
        writeDecimal(status, into: &buffer)
        buffer.writeStaticString(" ")
        buffer.writeStaticString(HTTPReason.phrase(for: status))
        buffer.writeStaticString("\r\n")
    }

    /// `METHOD path?query HTTP/1.1` and its line end.
    package static func writeRequestLine(
        method: HTTPMethod, path: String, query: String, into buffer: inout ByteBuffer
    ) throws(HTTPWriteError) {
        let name = method.name
        guard !name.isEmpty, name.utf8.allSatisfy({ HTTPByteClass.isToken($0) }) else {
            throw HTTPWriteError(.invalidMethod)
        }
        guard !path.isEmpty, path.utf8.allSatisfy({ HTTPByteClass.isTarget($0) }),
            query.utf8.allSatisfy({ HTTPByteClass.isTarget($0) })
        else { throw HTTPWriteError(.invalidTarget) }
        buffer.writeString(name)
        buffer.writeStaticString(" ")
        buffer.writeString(path)
        if !query.isEmpty {
            buffer.writeStaticString("?")
            buffer.writeString(query)
        }
        buffer.writeStaticString(" HTTP/1.1\r\n")
    }

    /// A field that is known when Glo is built.
    @inline(__always)
    package static func writeField(_ name: StaticString, _ value: StaticString, into buffer: inout ByteBuffer) {
        buffer.writeStaticString(name)
        buffer.writeStaticString(": ")
        buffer.writeStaticString(value)
        buffer.writeStaticString("\r\n")
    }

    package static func writeField(_ name: StaticString, decimal value: Int, into buffer: inout ByteBuffer) {
        buffer.writeStaticString(name)
        buffer.writeStaticString(": ")
        writeDecimal(value, into: &buffer)
        buffer.writeStaticString("\r\n")
    }

    package static func writeField(
        _ name: StaticString, value: String, into buffer: inout ByteBuffer
    ) throws(HTTPWriteError) {
        guard isValid(value: value) else { throw HTTPWriteError(.invalidFieldValue) }
        buffer.writeStaticString(name)
        buffer.writeStaticString(": ")
        buffer.writeString(value)
        buffer.writeStaticString("\r\n")
    }

    package static func writeField(
        name: String, value: String, into buffer: inout ByteBuffer
    ) throws(HTTPWriteError) {
        guard isValid(name: name) else { throw HTTPWriteError(.invalidFieldName) }
        guard isValid(value: value) else { throw HTTPWriteError(.invalidFieldValue) }
        buffer.writeString(name)
        buffer.writeStaticString(": ")
        buffer.writeString(value)
        buffer.writeStaticString("\r\n")
    }

    /// All fields but those that frame the body or concern the connection, which the writer decides itself:
    /// Content-Length, Transfer-Encoding and Connection. On an error, part of the fields may have been written.
    package static func writeFields(_ fields: HTTPFields, into buffer: inout ByteBuffer) throws(HTTPWriteError) {
        var failure: HTTPWriteError?
        fields.forEachBytes { name, value in
            guard failure == nil, !isFramingField(name) else { return }
            failure = write(name: name, value: value, into: &buffer)
        }
        if let failure { throw failure }
    }

    /// The empty line behind the fields.
    @inline(__always)
    package static func writeEndOfHead(into buffer: inout ByteBuffer) { buffer.writeStaticString("\r\n") }

    // MARK: Heads

    /// A whole response head. The framing becomes Content-Length or Transfer-Encoding (nothing for 1xx, 204 and 304),
    /// `keepAlive` becomes Connection. On an error the buffer is as it was.
    package static func writeResponseHead(
        _ head: HTTPResponseHead, into buffer: inout ByteBuffer
    ) throws(HTTPWriteError) {
        let mark = buffer.writerIndex
        do throws(HTTPWriteError) {
            writeStatusLine(head.status, into: &buffer)
            try writeFields(head.fields, into: &buffer)
        } catch {
            buffer.moveWriterIndex(to: mark)
            throw error
        }
        if head.status >= 200, head.status != 204, head.status != 304 {
            writeFraming(head.framing, into: &buffer)
        }
        if !head.keepAlive {
            writeField("Connection", "close", into: &buffer)
        } else if head.minorVersion == 0 {
            writeField("Connection", "keep-alive", into: &buffer)
        }
        writeEndOfHead(into: &buffer)
    }

    /// A whole request head. A request without a body says so only when its method lets one expect a body.
    /// On an error the buffer is as it was.
    package static func writeRequestHead(
        _ head: HTTPRequestHead, into buffer: inout ByteBuffer
    ) throws(HTTPWriteError) {
        let mark = buffer.writerIndex
        do throws(HTTPWriteError) {
            try writeRequestLine(method: head.method, path: head.path, query: head.query, into: &buffer)
            try writeFields(head.fields, into: &buffer)
        } catch {
            buffer.moveWriterIndex(to: mark)
            throw error
        }
        switch (head.framing, head.method) {
        case (.none, .get), (.none, .head), (.none, .delete), (.none, .options), (.none, .trace), (.none, .connect):
            break
        default:
            writeFraming(head.framing, into: &buffer)
        }
        if !head.keepAlive { writeField("Connection", "close", into: &buffer) }
        writeEndOfHead(into: &buffer)
    }

    /// Whether a response with this final status never has a body (RFC 9110, 15.3.5, 15.3.6 and 15.4.5).
    package static func isBodiless(_ status: Int) -> Bool { status == 204 || status == 205 || status == 304 }

    /// The field that says how the body ends; a body until the end of the connection needs none.
    package static func writeFraming(_ framing: HTTPBodyFraming, into buffer: inout ByteBuffer) {
        switch framing {
        case .none: buffer.writeStaticString("Content-Length: 0\r\n")
        case .length(let length): writeField("Content-Length", decimal: length, into: &buffer)
        case .chunked: buffer.writeStaticString("Transfer-Encoding: chunked\r\n")
        case .untilClose: break
        }
    }

    /// `100 Continue`.
    package static func writeContinue(into buffer: inout ByteBuffer) {
        buffer.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
    }

    // MARK: Chunks

    /// The line before the bytes of a chunk, which is not empty: an empty chunk would end the body.
    package static func writeChunkHead(size: Int, into buffer: inout ByteBuffer) {
        precondition(size > 0, "an empty chunk ends the body")
        writeHexadecimal(size, into: &buffer)
        buffer.writeStaticString("\r\n")
    }

    /// The line end after the bytes of a chunk.
    @inline(__always)
    package static func writeChunkEnd(into buffer: inout ByteBuffer) { buffer.writeStaticString("\r\n") }

    /// A whole chunk; nothing when the bytes are empty.
    package static func writeChunk(_ bytes: ByteBuffer, into buffer: inout ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        writeChunkHead(size: bytes.readableBytes, into: &buffer)
        buffer.writeImmutableBuffer(bytes)
        writeChunkEnd(into: &buffer)
    }

    /// The end of a chunked body.
    package static func writeLastChunk(into buffer: inout ByteBuffer) { buffer.writeStaticString("0\r\n\r\n") }

    /// The end of a chunked body with a trailer section.
    package static func writeLastChunk(
        trailers: HTTPFields, into buffer: inout ByteBuffer
    ) throws(HTTPWriteError) {
        let mark = buffer.writerIndex
        buffer.writeStaticString("0\r\n")
        do throws(HTTPWriteError) { try writeFields(trailers, into: &buffer) } catch {
            buffer.moveWriterIndex(to: mark)
            throw error
        }
        buffer.writeStaticString("\r\n")
    }

    // MARK: Checks

    /// Whether this may be written as a field name.
    package static func isValid(name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { HTTPByteClass.isToken($0) }
    }

    /// Whether this may be written as a field value.
    package static func isValid(value: String) -> Bool {
        value.utf8.allSatisfy { ($0 >= 0x20 || $0 == 0x09) && $0 != 0x7f }
    }

    private static func isFramingField(_ name: UnsafeRawBufferPointer) -> Bool {
        switch name.count {
        case 10: ASCII.equalIgnoringCase(name, "connection")
        case 14: ASCII.equalIgnoringCase(name, "content-length")
        case 17: ASCII.equalIgnoringCase(name, "transfer-encoding")
        default: false
        }
    }

    private static func write(
        name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer, into buffer: inout ByteBuffer
    ) -> HTTPWriteError? {
        guard !name.isEmpty, name.allSatisfy({ HTTPByteClass.isToken($0) }) else {
            return HTTPWriteError(.invalidFieldName)
        }
        guard HTTPByteClass.isFieldContent(value, from: 0, to: value.count) else {
            return HTTPWriteError(.invalidFieldValue)
        }
        let length = name.count + value.count + 4
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { target in
            target.copyMemory(from: name)
            target[name.count] = UInt8(ascii: ":")
            target[name.count + 1] = 0x20
            UnsafeMutableRawBufferPointer(rebasing: target[(name.count + 2)...]).copyMemory(from: value)
            target[length - 2] = 0x0d
            target[length - 1] = 0x0a
            return length
        }
        return nil
    }
}
