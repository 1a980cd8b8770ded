/// The checksum of zlib and Ethernet (IEEE 802.3), four bytes at a time.
enum CRC32 {
    private static let tables: [[UInt32]] = {
        var first = [UInt32](repeating: 0, count: 256)
        for index in 0..<256 {
            var value = UInt32(index)
            for _ in 0..<8 { value = value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
            first[index] = value
        }
        var tables = [first]
        for _ in 1..<4 {
            let previous = tables[tables.count - 1]
            tables.append(previous.map { first[Int($0 & 255)] ^ ($0 >> 8) })
        }
        return tables
    }()

    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        let (t0, t1, t2, t3) = (tables[0], tables[1], tables[2], tables[3])
        var value = ~(0 as UInt32)
        var index = 0
        while index &+ 4 <= bytes.count {
            value ^= UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self))
            value =
                t3[Int(value & 255)] ^ t2[Int(value >> 8 & 255)] ^ t1[Int(value >> 16 & 255)] ^ t0[Int(value >> 24)]
            index &+= 4
        }
        while index < bytes.count {
            value = t0[Int((value ^ UInt32(bytes[index])) & 255)] ^ (value >> 8)
            index &+= 1
        }
        return ~value
    }
}
