internal import CLinux

/// Reads the frames that come from an exec slot. Whatever comes, the outcome is frames or an error.
package struct ExecFrameDecoder {
    private var buffer = FrameBuffer(maximumPayload: Int(GLO_OUT_PAYLOAD_MAX))

    package init() {}

    /// Takes bytes as they came. Call ``next()`` until it returns nil before taking more.
    package mutating func append(_ bytes: some Collection<UInt8>) { buffer.append(bytes) }

    /// The next complete frame, nil until there is one. After an error the stream is lost.
    package mutating func next() throws(InitLinkError) -> ExecFrame? {
        guard let (header, payload) = try buffer.next() else { return nil }
        guard header.id != 0, let frame = Self.decode(header, payload) else {
            throw .violation("sent a malformed slot frame of type \(header.type), \(header.payloadLength) bytes")
        }
        return frame
    }

    private static func decode(_ header: FrameHeader, _ payload: ArraySlice<UInt8>) -> ExecFrame? {
        switch Int32(header.type) {
        case GLO_FRAME_OUT: payload.isEmpty ? nil : .output(run: header.id, payload)
        case GLO_FRAME_EXIT: exit(header.id, payload)
        default: nil
        }
    }

    private static func exit(_ run: UInt32, _ payload: ArraySlice<UInt8>) -> ExecFrame? {
        var reader = ByteReader(payload)
        guard let how = reader.readUInt8(), let flags = reader.readUInt8(), let stage = reader.readUInt8(),
            reader.readUInt8() != nil
        else { return nil }
        if Int32(how) == GLO_END_NOT_STARTED { return notStarted(run, stage, &reader) }
        guard let report = ExitReport(how: how, flags: flags, &reader), reader.rest.count <= Int(GLO_STDERR_TAIL_MAX)
        else { return nil }
        return .ended(run: run, report, standardErrorTail: reader.rest)
    }

    private static func notStarted(_ run: UInt32, _ stage: UInt8, _ reader: inout ByteReader) -> ExecFrame? {
        guard let stage = StartFailure.Stage(rawValue: stage), let systemError = reader.readInt32(),
            reader.readBytes(24) != nil, reader.rest.count <= Int(GLO_MESSAGE_MAX)
        else { return nil }
        let message = String(decoding: reader.rest, as: UTF8.self)
        return .notStarted(run: run, StartFailure(stage: stage, systemError: systemError, message: message))
    }
}
