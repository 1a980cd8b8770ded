/// Cuts a stream of bytes into lines.
struct LineSplitter {
    private var rest: [UInt8] = []

    /// Takes the next bytes and hands out the lines that are whole, without their newline. Empty ones are left out.
    mutating func feed(_ bytes: UnsafeRawBufferPointer, _ body: ([UInt8]) -> Void) {
        for byte in bytes {
            if byte != UInt8(ascii: "\n") {
                rest.append(byte)
            } else if !rest.isEmpty {
                body(rest)
                rest.removeAll(keepingCapacity: true)
            }
        }
    }
}
