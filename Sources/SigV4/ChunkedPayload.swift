package import NIOCore
import TextForms

/// A body in the content coding `aws-chunked`: `size;chunk-signature=…`, the bytes, and so on, an empty chunk, and
/// perhaps trailer fields, whose checksums are not looked at.
package enum ChunkedPayload {
    /// Longer lines are no lines of it.
    private static let maxLineBytes = 1024

    /// The bytes without the coding.
    ///
    /// - Parameter signer: verifies the chunks; nil when they carry no signatures.
    /// - Throws: ``SigV4Error/mismatch``, or that the body has another form.
    package static func decode(_ body: ByteBuffer, signer: ChunkSigner?) throws(SigV4Error) -> ByteBuffer {
        var body = body
        var signer = signer
        var output = ByteBuffer()
        while true {
            guard let line = readLine(&body), let (size, signature) = head(line) else { throw malformed }
            guard let chunk = body.readSlice(length: size) else { throw malformed }
            if signer != nil {
                guard let signature else { throw malformed }
                try signer?.verify(chunk, signature: signature)
            }
            guard size > 0 else { break }
            output.writeImmutableBuffer(chunk)
            guard readLine(&body)?.isEmpty == true else { throw malformed }
        }
        while body.readableBytes > 0 {
            guard readLine(&body) != nil else { throw malformed }
        }
        return output
    }

    private static let malformed = SigV4Error.invalid(
        "The body is not in the coding aws-chunked that its header states.")

    private static func head(_ line: String) -> (size: Int, signature: String?)? {
        let parts = line.utf8.split(separator: UInt8(ascii: ";"), maxSplits: 1)
        guard let digits = parts.first, (1...8).contains(digits.count),
            digits.allSatisfy({ Hexadecimal.value($0) != nil }), let size = Int(Substring(digits), radix: 16)
        else { return nil }
        guard parts.count == 2 else { return (size, nil) }
        let name = "chunk-signature="
        let parameter = Substring(parts[1])
        return (size, parameter.hasPrefix(name) ? String(parameter.dropFirst(name.count)) : nil)
    }

    private static func readLine(_ body: inout ByteBuffer) -> String? {
        let view = body.readableBytesView.prefix(maxLineBytes)
        guard let end = view.firstIndex(of: 0x0a), end > view.startIndex, view[view.index(before: end)] == 0x0d else {
            return nil
        }
        let line = body.readString(length: end - view.startIndex - 1)
        body.moveReaderIndex(forwardBy: 2)
        return line
    }
}
