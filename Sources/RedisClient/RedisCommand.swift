package import NIOCore

/// A command and its arguments, in the bytes that are sent: each argument is copied once, when it is appended.
package struct RedisCommand: Sendable {
    /// How many words the command has, its name among them.
    package private(set) var argumentCount = 0
    /// The words as RESP bulk strings, without the header that counts them.
    private(set) var encoded: ByteBuffer

    /// Bytes of a header: `*` or `$`, up to 19 digits, CR LF.
    static let headerLimitBytes = 22

    /// - Parameter capacityBytes: how much room to make for all the words at once.
    package init(_ name: StaticString, capacityBytes: Int = 128) {
        encoded = ByteBufferAllocator().buffer(capacity: capacityBytes)
        append(name)
    }

    package init(_ name: StaticString, _ arguments: String...) {
        self.init(name)
        for argument in arguments { append(argument) }
    }

    package mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(bytes: UnsafeRawBufferPointer($0)) }
    }

    package mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { append(bytes: UnsafeRawBufferPointer($0)) }
    }

    package mutating func append(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { append(bytes: $0) }
    }

    package mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append(bytes: $0) }
    }

    package mutating func append(_ number: Int) { append(Int64(number)) }

    /// A number in decimal digits.
    package mutating func append(_ number: Int64) {
        // A sign and 19 digits at most.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            let room = UnsafeMutableRawBufferPointer(digits)
            var count = 0
            if number < 0 {
                room[0] = UInt8(ascii: "-")
                count = 1
            }
            count += Self.write(number.magnitude, into: UnsafeMutableRawBufferPointer(rebasing: room[count...]))
            append(bytes: UnsafeRawBufferPointer(rebasing: room[..<count]))
        }
    }

    package mutating func append(bytes: UnsafeRawBufferPointer) {
        argumentCount += 1
        let limit = bytes.count + Self.headerLimitBytes + 2
        encoded.writeWithUnsafeMutableBytes(minimumWritableBytes: limit) { room in
            var end = Self.writeHeader(UInt8(ascii: "$"), bytes.count, into: room)
            if !bytes.isEmpty {
                UnsafeMutableRawBufferPointer(rebasing: room[end...]).copyMemory(from: bytes)
                end += bytes.count
            }
            room[end] = UInt8(ascii: "\r")
            room[end + 1] = UInt8(ascii: "\n")
            return end + 2
        }
    }

    /// Writes the header that goes before `encoded`.
    func writeHeader(into buffer: inout ByteBuffer) {
        let count = argumentCount
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.headerLimitBytes) { room in
            Self.writeHeader(UInt8(ascii: "*"), count, into: room)
        }
    }

    private static func writeHeader(_ kind: UInt8, _ count: Int, into room: UnsafeMutableRawBufferPointer) -> Int {
        room[0] = kind
        let end = 1 + write(count.magnitude, into: UnsafeMutableRawBufferPointer(rebasing: room[1...]))
        room[end] = UInt8(ascii: "\r")
        room[end + 1] = UInt8(ascii: "\n")
        return end + 2
    }

    /// Writes decimal digits and returns how many.
    private static func write(
        _ number: some UnsignedInteger & FixedWidthInteger, into room: UnsafeMutableRawBufferPointer
    ) -> Int {
        var count = 1
        var rest = number / 10
        while rest > 0 {
            count += 1
            rest /= 10
        }
        rest = number
        for index in stride(from: count - 1, through: 0, by: -1) {
            room[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        return count
    }
}
