import CLibrary
import CLinux

/// Cuts the controller's bytes into frames, within bounded memory.
struct ControlFrameReader {
    private var held: [UInt8] = []
    private(set) var isBroken = false

    mutating func append(_ bytes: UnsafeRawBufferPointer) { held.append(contentsOf: bytes) }

    /// The next complete frame, nil until there is one, and for ever when the stream breaks a rule.
    mutating func next() -> ControlFrame? {
        let header = Int(GLO_FRAME_HEADER_LENGTH)
        guard !isBroken, held.count >= header else { return nil }
        var reader = ByteReader([UInt8](held[0..<header]))
        guard let length = reader.readUInt32(), let type = reader.readUInt8(), let flags = reader.readUInt8(),
            let reserved = reader.readUInt16(), let worker = reader.readUInt32(),
            length <= UInt32(GLO_CONTROL_TO_INIT_MAX), flags == 0, reserved == 0,
            (worker == 0) == (Int32(type) == GLO_FRAME_LIFELINE)
        else {
            isBroken = true
            return nil
        }
        let end = header + Int(length)
        guard held.count >= end else { return nil }
        let payload = [UInt8](held[header..<end])
        // START is large and rare: its memory is given back.
        if held.count == end { held = [] } else { held.removeFirst(end) }
        return ControlFrame(type: Int32(type), worker: worker, payload: payload)
    }
}
