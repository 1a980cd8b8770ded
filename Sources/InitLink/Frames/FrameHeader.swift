internal import CLinux

/// The 12 bytes before every payload; `glo_init_protocol.h` of CLinux describes the format.
package struct FrameHeader: Hashable, Sendable {
    package static let length = Int(GLO_FRAME_HEADER_LENGTH)

    package var payloadLength: Int
    package var type: UInt8
    /// The worker on a control connection, the run on a slot.
    package var id: UInt32

    package init(payloadLength: Int, type: UInt8, id: UInt32) {
        self.payloadLength = payloadLength
        self.type = type
        self.id = id
    }

    /// Reads a header; nil when flags or the reserved field are not 0.
    init?(_ reader: inout ByteReader) {
        guard let length = reader.readUInt32(), let type = reader.readUInt8(), let flags = reader.readUInt8(),
            let reserved = reader.readUInt16(), let id = reader.readUInt32(), flags == 0, reserved == 0
        else { return nil }
        self.init(payloadLength: Int(length), type: type, id: id)
    }

    func write(to writer: inout ByteWriter) {
        writer.write(UInt32(truncatingIfNeeded: payloadLength))
        writer.write(type)
        writer.write(UInt8(0))
        writer.write(UInt16(0))
        writer.write(id)
    }
}
