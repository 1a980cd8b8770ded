/// Keeps the last bytes of a stream.
struct TailBuffer {
    private let limit: Int
    private var held: [UInt8] = []

    init(limit: Int) { self.limit = limit }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if limit == 0 { return }
        held.append(contentsOf: bytes.suffix(limit))
        // Cut seldom, so that many small writes do not move the bytes each time.
        if held.count > 2 * limit { held.removeFirst(held.count - limit) }
    }

    var bytes: [UInt8] { held.count > limit ? [UInt8](held.suffix(limit)) : held }
}
