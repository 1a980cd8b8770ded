import CLinux
import LinuxSystem

/// Finds a text in a file, a piece at a time.
enum ByteSearch {
    private static let pieceSize = 1 << 18

    static func contains(_ text: String, in file: borrowing FileDescriptor, _ path: String) throws(SystemCallError)
        -> Bool
    {
        let needle = Array(text.utf8)
        var piece = [UInt8](repeating: 0, count: pieceSize)
        var offset: Int64 = 0
        while true {
            var failure: SystemCallError?
            let (filled, found) = piece.withUnsafeMutableBytes { buffer -> (Int, Bool) in
                do throws(SystemCallError) {
                    let filled = try file.read(at: offset, into: buffer, path)
                    return (filled, find(needle, in: UnsafeRawBufferPointer(rebasing: buffer[..<filled])))
                } catch {
                    failure = error
                    return (0, false)
                }
            }
            if let failure { throw failure }
            if found { return true }
            guard filled == pieceSize else { return false }
            // What straddles two pieces is seen in the second.
            offset += Int64(pieceSize - needle.count + 1)
        }
    }

    private static func find(_ needle: [UInt8], in haystack: UnsafeRawBufferPointer) -> Bool {
        guard let base = haystack.baseAddress, !haystack.isEmpty else { return false }
        return needle.withUnsafeBytes { clinux_contains(base, haystack.count, $0.baseAddress, $0.count) }
    }
}
