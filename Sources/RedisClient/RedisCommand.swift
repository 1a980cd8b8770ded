package import NIOCore
import TextForms

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
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: DecimalDigits.maxBytes) { digits in
            let room = UnsafeMutableRawBufferPointer(digits)
            let count = DecimalDigits.write(number, into: room)
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
        let end = 1 + DecimalDigits.write(count, into: UnsafeMutableRawBufferPointer(rebasing: room[1...]))
        room[end] = UInt8(ascii: "\r")
        room[end + 1] = UInt8(ascii: "\n")
        return end + 2
    }
}
