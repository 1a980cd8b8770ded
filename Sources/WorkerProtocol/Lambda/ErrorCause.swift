import NIOCore

/// Documents of `application/vnd.aws.lambda.error.cause+json` carry a stack for X-Ray that callers do not see.
enum ErrorCause {
    /// The document with errorMessage, errorType and stackTrace only; as it is when it is no JSON object.
    static func stripped(_ document: ByteBuffer) -> ByteBuffer {
        var reader = JSONReader(Array(document.readableBytesView))
        var kept = ByteBuffer()
        do {
            try reader.object { (reader, name) throws(JSONError) in
                let value = try reader.rawValue()
                guard name == "errorMessage" || name == "errorType" || name == "stackTrace" else { return }
                kept.writeString(kept.readableBytes == 0 ? "{" : ",")
                kept.writeString("\"\(name)\":")
                kept.writeBytes(value)
            }
            try reader.end()
        } catch {
            return document
        }
        kept.writeString(kept.readableBytes == 0 ? "{}" : "}")
        return kept
    }
}
