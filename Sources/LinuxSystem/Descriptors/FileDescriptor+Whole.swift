import Glibc

extension FileDescriptor {
    /// Writes all bytes where a file stands, however many calls of write(2) that takes. Not for descriptors that do not
    /// block.
    package static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(SystemError) {
        let number = failure(writing: bytes, to: descriptor)
        guard number == 0 else { throw SystemError(number) }
    }

    package static func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
        try writeAll(bytes[...], to: descriptor)
    }

    package static func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) throws(SystemError) {
        let number = bytes.withUnsafeBytes { failure(writing: $0, to: descriptor) }
        guard number == 0 else { throw SystemError(number) }
    }

    /// Reads from where a file stands to its end, read(2). Of what has more than `limit` bytes it reads some more than
    /// that and no further, so that the count tells.
    package static func readAll(_ descriptor: Int32, limit: Int) throws(SystemError) -> [UInt8] {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while all.count <= limit {
            let count = read(descriptor, &piece, piece.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(errno) }
            if count == 0 { break }
            all += piece.prefix(count)
        }
        return all
    }

    /// 0, or the error's number.
    private static func failure(writing bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
        var rest = bytes
        while !rest.isEmpty {
            let count = write(descriptor, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return errno }
            // No file takes nothing of something.
            guard count > 0 else { return EIO }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return 0
    }
}
