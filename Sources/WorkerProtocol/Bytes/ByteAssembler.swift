import NIOCore
import TextForms

/// Memory of its own that bytes are assembled in, reused from one message to the next: no allocation, no reference
/// counting and no bounds but one comparison for each run.
struct ByteAssembler: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0

    /// What is kept between messages at most, in bytes.
    private static let keptCapacity = 1 << 18

    init(capacity: Int = 4096) {
        base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
        self.capacity = capacity
    }

    deinit { base.deallocate() }

    /// Forgets the contents, and gives back memory that a large message needed.
    mutating func clear() {
        count = 0
        guard capacity > Self.keptCapacity else { return }
        base.deallocate()
        base = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 8)
        capacity = 4096
    }

    /// The contents; valid until the next change.
    @inline(__always)
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    @inline(__always)
    mutating func reserve(_ length: Int) {
        if count &+ length > capacity { grow(length) }
    }

    private mutating func grow(_ length: Int) {
        let larger = max(2 * capacity, count + length)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 8)
        moved.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = moved
        capacity = larger
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        reserve(1)
        base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count &+= 1
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        let length = text.utf8CodeUnitCount
        reserve(length)
        (base + count).copyMemory(from: text.utf8Start, byteCount: length)
        count &+= length
    }

    @inline(__always)
    mutating func append(_ run: UnsafeRawBufferPointer) {
        guard let start = run.baseAddress else { return }
        reserve(run.count)
        (base + count).copyMemory(from: start, byteCount: run.count)
        count &+= run.count
    }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    mutating func append(_ buffer: ByteBuffer) {
        buffer.withUnsafeReadableBytes { append($0) }
    }

    mutating func appendDecimal(_ value: some FixedWidthInteger) {
        reserve(DecimalDigits.maxBytes)
        let room = UnsafeMutableRawBufferPointer(start: base + count, count: DecimalDigits.maxBytes)
        count &+= DecimalDigits.write(value, into: room)
    }

    /// A number below 100 in two digits.
    mutating func appendTwoDigits(_ value: Int) {
        append(UInt8(truncatingIfNeeded: value / 10 % 10) &+ 48)
        append(UInt8(truncatingIfNeeded: value % 10) &+ 48)
    }

    /// Gives `length` bytes of room to a function that fills all of them.
    @inline(__always)
    mutating func append(length: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) {
        reserve(length)
        fill(UnsafeMutableRawBufferPointer(start: base + count, count: length))
        count &+= length
    }
}
