import CZlib

/// Undoes deflate. It owns zlib's stream, which must not move.
struct Inflater: ~Copyable {
    private static let pieceSize = 1 << 18

    private let stream: UnsafeMutablePointer<z_stream>
    private let piece: UnsafeMutableRawBufferPointer

    init() throws(ZipError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard czlib_begin_raw(stream) == Z_OK else {
            stream.deallocate()
            throw ZipError(.writeFailed, "there is no memory to read the archive")
        }
        self.stream = stream
        piece = .allocate(byteCount: Self.pieceSize, alignment: 16)
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        piece.deallocate()
    }

    /// Inflates one entry's data, piece by piece, and no more than it is said to be.
    func inflate(
        _ input: UnsafeRawBufferPointer, size: Int, _ sink: (UnsafeRawBufferPointer) throws(ZipError) -> Void
    ) throws(ZipError) {
        guard inflateReset(stream) == Z_OK else { throw Self.damaged }
        czlib_set_input(stream, input.baseAddress, UInt32(input.count))
        var total = 0
        while true {
            stream.pointee.next_out = piece.bindMemory(to: Bytef.self).baseAddress
            stream.pointee.avail_out = UInt32(piece.count)
            let result = CZlib.inflate(stream, Z_NO_FLUSH)
            guard result == Z_OK || result == Z_STREAM_END else { throw Self.damaged }
            let count = piece.count - Int(stream.pointee.avail_out)
            total += count
            guard total <= size else { throw ZipError(.unsafe, "an entry is larger than it says") }
            if count > 0 { try sink(UnsafeRawBufferPointer(rebasing: piece[..<count])) }
            if result == Z_STREAM_END { break }
            // Neither input nor output moved on: the data ends too early.
            guard count > 0 || stream.pointee.avail_in > 0 else { throw Self.damaged }
        }
        guard total == size, stream.pointee.avail_in == 0 else { throw Self.damaged }
    }

    private static let damaged = ZipError(.damaged, "an entry's data is damaged")
}
