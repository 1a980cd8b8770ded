/// One line that a handler wrote, without its line end. Any bytes: the handler decides.
package struct OutputLine: Hashable, Sendable {
    package var stream: OutputStream
    /// The run of an exec worker that wrote it, 0 for the other contracts.
    package var run: UInt32
    /// The line was too long and goes on in the next one of this stream (and run).
    package var continues: Bool
    package var bytes: ArraySlice<UInt8>

    package init(stream: OutputStream, run: UInt32 = 0, continues: Bool = false, bytes: ArraySlice<UInt8>) {
        self.stream = stream
        self.run = run
        self.continues = continues
        self.bytes = bytes
    }
}
