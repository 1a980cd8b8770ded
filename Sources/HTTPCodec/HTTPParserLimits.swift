/// What a parser takes from a peer before it gives up. All sizes are in bytes.
package struct HTTPParserLimits: Hashable, Sendable {
    /// The request line or status line, without its CRLF.
    package var startLineBytes: Int
    /// The whole header section with the start line; a trailer section has the same bound.
    package var headerBytes: Int
    /// Field lines of one section.
    package var fieldCount: Int
    /// Chunk extensions of one message, all chunks together.
    package var chunkExtensionBytes: Int

    package init(
        startLineBytes: Int = 8192, headerBytes: Int = 32_768, fieldCount: Int = 128, chunkExtensionBytes: Int = 4096
    ) {
        self.startLineBytes = startLineBytes
        self.headerBytes = headerBytes
        self.fieldCount = fieldCount
        self.chunkExtensionBytes = chunkExtensionBytes
    }
}
