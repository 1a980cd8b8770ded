internal import CLinux

/// Reads the control frames that come from init. Init lives next to hostile code: whatever comes, the outcome is frames
/// or an error, within bounded memory.
package struct InitFrameDecoder {
    private var buffer = FrameBuffer(maximumPayload: Int(GLO_CONTROL_FROM_INIT_MAX))

    package init() {}

    /// Takes bytes as they came. Call ``next()`` until it returns nil before taking more.
    package mutating func append(_ bytes: some Collection<UInt8>) { buffer.append(bytes) }

    /// The next complete frame, nil until there is one. After an error the stream is lost.
    package mutating func next() throws(InitLinkError) -> InitFrame? {
        guard let (header, payload) = try buffer.next() else { return nil }
        return try Self.decode(header, payload)
    }

    private static func decode(
        _ header: FrameHeader, _ payload: ArraySlice<UInt8>
    ) throws(InitLinkError) -> InitFrame {
        var reader = ByteReader(payload)
        if Int32(header.type) == GLO_FRAME_HELLO { return .hello(try hello(header, &reader)) }
        guard header.id != 0 else { throw .violation("sent a frame without a worker") }
        let frame: InitFrame? =
            switch Int32(header.type) {
            case GLO_FRAME_DESCRIPTORS: descriptors(header.id, &reader)
            case GLO_FRAME_STARTED: reader.readInt32().map { .started(worker: header.id, processID: $0) }
            case GLO_FRAME_START_FAILED: startFailed(header.id, &reader)
            case GLO_FRAME_EXITED: exited(header.id, &reader)
            case GLO_FRAME_LOG: output(header.id, &reader)
            case GLO_FRAME_LOG_DROPPED: outputDropped(header.id, &reader)
            case GLO_FRAME_CONNECT_FAILED:
                reader.readInt32().map { .connectFailed(worker: header.id, systemError: $0) }
            default: nil
            }
        guard let frame, reader.rest.isEmpty else {
            throw .violation("sent a malformed frame of type \(header.type), \(header.payloadLength) bytes")
        }
        return frame
    }

    private static func hello(_ header: FrameHeader, _ reader: inout ByteReader) throws(InitLinkError) -> InitHello {
        guard header.id == 0, reader.readUInt32() == UInt32(GLO_PROTOCOL_MAGIC), let version = reader.readUInt16()
        else { throw .violation("did not greet as the protocol says") }
        guard version == UInt16(GLO_PROTOCOL_VERSION) else {
            throw InitLinkError(
                .versionMismatch, "init speaks version \(version) of the protocol, this is \(GLO_PROTOCOL_VERSION)")
        }
        guard let mode = reader.readUInt16().flatMap(InitHello.Mode.init(rawValue:)),
            let processID = reader.readInt32(), let userID = reader.readUInt32(), reader.rest.isEmpty
        else { throw .violation("sent a malformed greeting") }
        return InitHello(mode: mode, processID: processID, userID: userID)
    }

    private static func descriptors(_ worker: UInt32, _ reader: inout ByteReader) -> InitFrame? {
        guard let kind = reader.readUInt8().flatMap(DescriptorKind.init(rawValue:)), let count = reader.readUInt8(),
            let port = reader.readUInt16(), count >= 1, count <= UInt8(GLO_DESCRIPTORS_MAX)
        else { return nil }
        return .descriptors(worker: worker, kind: kind, count: Int(count), port: port)
    }

    private static func startFailed(_ worker: UInt32, _ reader: inout ByteReader) -> InitFrame? {
        guard let stage = reader.readUInt8().flatMap(StartFailure.Stage.init(rawValue:)), reader.readBytes(3) != nil,
            let systemError = reader.readInt32(), reader.rest.count <= Int(GLO_MESSAGE_MAX),
            let message = reader.readBytes(reader.rest.count)
        else { return nil }
        return .startFailed(
            worker: worker,
            StartFailure(stage: stage, systemError: systemError, message: String(decoding: message, as: UTF8.self)))
    }

    private static func exited(_ worker: UInt32, _ reader: inout ByteReader) -> InitFrame? {
        guard let how = reader.readUInt8(), let flags = reader.readUInt8(), reader.readUInt16() != nil,
            let report = ExitReport(how: how, flags: flags, &reader)
        else { return nil }
        return .exited(worker: worker, report)
    }

    private static func output(_ worker: UInt32, _ reader: inout ByteReader) -> InitFrame? {
        guard let stream = reader.readUInt8().flatMap(OutputStream.init(rawValue:)), let continues = reader.readUInt8(),
            continues <= 1, reader.readUInt16() != nil, let run = reader.readUInt32(),
            let bytes = reader.readBytes(reader.rest.count)
        else { return nil }
        return .output(worker: worker, OutputLine(stream: stream, run: run, continues: continues == 1, bytes: bytes))
    }

    private static func outputDropped(_ worker: UInt32, _ reader: inout ByteReader) -> InitFrame? {
        guard let lines = reader.readUInt64(), let bytes = reader.readUInt64() else { return nil }
        return .outputDropped(worker: worker, lines: lines, bytes: bytes)
    }
}
