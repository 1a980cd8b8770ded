internal import CLinux

extension ExitReport {
    /// Reads code, memory and times, which EXITED and EXIT share; nil when they are cut short or the end is no end.
    init?(how: UInt8, flags: UInt8, _ reader: inout ByteReader) {
        guard let code = reader.readInt32(), let end = Self.end(how, code), let peakMemory = reader.readUInt64(),
            let user = reader.readUInt64(), let system = reader.readUInt64()
        else { return nil }
        self.init(
            end: end, cancelled: flags & UInt8(GLO_END_FLAG_CANCELLED) != 0,
            killed: flags & UInt8(GLO_END_FLAG_KILLED) != 0,
            outOfMemory: flags & UInt8(GLO_END_FLAG_OUT_OF_MEMORY) != 0, peakMemoryBytes: peakMemory,
            userMicroseconds: user, systemMicroseconds: system)
    }

    private static func end(_ how: UInt8, _ code: Int32) -> End? {
        switch Int32(how) {
        case GLO_END_EXITED: .exited(code: code)
        case GLO_END_SIGNALLED: .signalled(code)
        default: nil
        }
    }
}
