import CLinux
import Glibc
import FunctionModel
import InitLink
import Testing

@Suite("Frames of the init protocol")
struct FrameCodecTests {
    /// A frame as init would write it.
    static func frame(_ type: Int32, _ id: UInt32, _ payload: [UInt8]) -> [UInt8] {
        little(UInt32(payload.count)) + [UInt8(type), 0, 0, 0] + little(id) + payload
    }

    static func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    static let hello = frame(
        GLO_FRAME_HELLO, 0,
        little(UInt32(GLO_PROTOCOL_MAGIC)) + little(UInt16(GLO_PROTOCOL_VERSION)) + little(UInt16(1)) + little(Int32(7))
            + little(UInt32(65534)))

    static let ended = little(Int32(9)) + little(UInt64(4096)) + little(UInt64(10)) + little(UInt64(20))

    static let samples: [(bytes: [UInt8], frame: InitFrame)] = [
        (hello, .hello(InitHello(mode: .process, processID: 7, userID: 65534))),
        (
            frame(GLO_FRAME_DESCRIPTORS, 3, [1, 1] + little(UInt16(9001))),
            .descriptors(worker: 3, kind: .listener, count: 1, port: 9001)
        ),
        (frame(GLO_FRAME_STARTED, 3, little(Int32(42))), .started(worker: 3, processID: 42)),
        (
            frame(GLO_FRAME_START_FAILED, 3, [5, 0, 0, 0] + little(Int32(2)) + Array("no".utf8)),
            .startFailed(worker: 3, StartFailure(stage: .command, systemError: 2, message: "no"))
        ),
        (
            frame(GLO_FRAME_EXITED, 3, [2, 7, 0, 0] + ended),
            .exited(
                worker: 3,
                ExitReport(
                    end: .signalled(9), cancelled: true, killed: true, outOfMemory: true, peakMemoryBytes: 4096,
                    userMicroseconds: 10, systemMicroseconds: 20))
        ),
        (
            frame(GLO_FRAME_LOG, 3, [2, 1, 0, 0] + little(UInt32(8)) + [104, 105]),
            .output(worker: 3, OutputLine(stream: .standardError, run: 8, continues: true, bytes: [104, 105]))
        ),
        (
            frame(GLO_FRAME_LOG_DROPPED, 3, little(UInt64(5)) + little(UInt64(6))),
            .outputDropped(worker: 3, lines: 5, bytes: 6)
        ),
        (frame(GLO_FRAME_CONNECT_FAILED, 3, little(Int32(111))), .connectFailed(worker: 3, systemError: 111)),
    ]

    @Test("Every frame of init is read as it was written", arguments: samples.indices)
    func decodes(_ index: Int) throws {
        var decoder = InitFrameDecoder()
        decoder.append(Self.samples[index].bytes)
        #expect(try decoder.next() == Self.samples[index].frame)
        #expect(try decoder.next() == nil)
    }

    @Test("Frames that come byte by byte are read the same", arguments: [1, 2, 3, 7, 64])
    func decodesInPieces(_ size: Int) throws {
        let stream = Self.samples.flatMap(\.bytes)
        var decoder = InitFrameDecoder()
        var frames: [InitFrame] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            decoder.append(stream[start..<min(start + size, stream.count)])
            while let frame = try decoder.next() { frames.append(frame) }
        }
        #expect(frames == Self.samples.map(\.frame))
    }

    @Test("A frame cut short by its length field, or with bytes left over, is a violation", arguments: samples.indices)
    func refusesWrongLengths(_ index: Int) {
        // Text and lines take any length; all else is exact.
        let sample = Self.samples[index]
        let payload = Array(sample.bytes.dropFirst(FrameHeader.length))
        let type = Int32(sample.bytes[4])
        let id = UInt32(sample.bytes[8])
        var variants = [Array(payload.prefix(3))]
        if type != GLO_FRAME_LOG && type != GLO_FRAME_START_FAILED { variants.append(payload + [0]) }
        for variant in variants {
            var decoder = InitFrameDecoder()
            decoder.append(Self.frame(type, id, variant))
            #expect(throws: InitLinkError.self) { try decoder.next() }
        }
    }

    @Test(
        "Frames that break a rule are violations",
        arguments: [
            frame(0x99, 3, []),
            frame(GLO_FRAME_STARTED, 0, little(Int32(42))),
            frame(GLO_FRAME_START, 3, []),
            frame(GLO_FRAME_DESCRIPTORS, 3, [1, 0, 0, 0]),
            frame(GLO_FRAME_DESCRIPTORS, 3, [1, 65, 0, 0]),
            frame(GLO_FRAME_DESCRIPTORS, 3, [9, 1, 0, 0]),
            frame(GLO_FRAME_EXITED, 3, [3, 0, 0, 0] + ended),
            frame(GLO_FRAME_LOG, 3, [3, 0, 0, 0, 0, 0, 0, 0]),
            frame(GLO_FRAME_LOG, 3, [1, 2, 0, 0, 0, 0, 0, 0]),
            frame(GLO_FRAME_HELLO, 0, little(UInt32(1)) + little(UInt16(1)) + little(UInt16(1)) + ended.prefix(8)),
            little(UInt32(GLO_CONTROL_FROM_INIT_MAX) + 1) + [0x86, 0, 0, 0, 3, 0, 0, 0],
            little(UInt32.max) + [0x86, 0, 0, 0, 3, 0, 0, 0],
            little(UInt32(4)) + [0x83, 1, 0, 0, 3, 0, 0, 0],
            little(UInt32(4)) + [0x83, 0, 1, 0, 3, 0, 0, 0],
        ] as [[UInt8]])
    func refuses(_ bytes: [UInt8]) {
        var decoder = InitFrameDecoder()
        decoder.append(bytes)
        let error = #expect(throws: InitLinkError.self) { try decoder.next() }
        #expect(error?.code == .protocolViolation)
    }

    @Test("Another version is told apart from nonsense")
    func refusesOtherVersions() {
        var bytes = Self.hello
        bytes[FrameHeader.length + 4] = 200
        var decoder = InitFrameDecoder()
        decoder.append(bytes)
        let error = #expect(throws: InitLinkError.self) { try decoder.next() }
        #expect(error?.code == .versionMismatch)
    }

    @Test("Random bytes end in frames or an error, never in a crash", arguments: 0..<8)
    func survivesNoise(_ seed: UInt64) {
        var random = SplitMix(state: seed)
        for _ in 0..<500 {
            var control = InitFrameDecoder()
            var slot = ExecFrameDecoder()
            // Real frames with some bytes changed get deeper than pure noise.
            var bytes = Self.samples.randomElement(using: &random)?.bytes ?? []
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            for _ in 0..<Int.random(in: 0...40, using: &random) { bytes.append(.random(in: 0...255, using: &random)) }
            control.append(bytes)
            slot.append(bytes)
            do { while try control.next() != nil {} } catch { #expect(error.code != .system) }
            do { while try slot.next() != nil {} } catch { #expect(error.code == .protocolViolation) }
        }
    }

    @Test("The frames of a slot are read as they were written")
    func decodesSlotFrames() throws {
        var decoder = ExecFrameDecoder()
        decoder.append(Self.frame(GLO_FRAME_OUT, 5, [1, 2, 3]))
        decoder.append(Self.frame(GLO_FRAME_EXIT, 5, [1, 1, 0, 0] + Self.ended + [101]))
        decoder.append(Self.frame(GLO_FRAME_EXIT, 6, [3, 0, 6, 0] + Self.ended + [101]))
        #expect(try decoder.next() == .output(run: 5, [1, 2, 3]))
        let report = ExitReport(
            end: .exited(code: 9), cancelled: true, peakMemoryBytes: 4096, userMicroseconds: 10, systemMicroseconds: 20)
        #expect(try decoder.next() == .ended(run: 5, report, standardErrorTail: [101]))
        #expect(
            try decoder.next() == .notStarted(run: 6, StartFailure(stage: .execute, systemError: 9, message: "e")))
        #expect(try decoder.next() == nil)
    }

    @Test(
        "Slot frames that break a rule are violations",
        arguments: [
            frame(GLO_FRAME_OUT, 5, []),
            frame(GLO_FRAME_OUT, 0, [1]),
            frame(GLO_FRAME_EXIT, 5, [1, 0, 0, 0]),
            frame(GLO_FRAME_EXIT, 5, [4, 0, 0, 0] + ended),
            frame(GLO_FRAME_EXIT, 5, [3, 0, 0, 0] + ended),
            frame(GLO_FRAME_EXIT, 5, [1, 0, 0, 0] + ended + [UInt8](repeating: 0, count: 4097)),
            little(UInt32(GLO_OUT_PAYLOAD_MAX) + 1) + [0x20, 0, 0, 0, 3, 0, 0, 0],
        ] as [[UInt8]])
    func refusesSlotFrames(_ bytes: [UInt8]) {
        var decoder = ExecFrameDecoder()
        decoder.append(bytes)
        #expect(throws: InitLinkError.self) { try decoder.next() }
    }

    @Test("Commands are written as the protocol says")
    func encodesCommands() {
        #expect(
            InitCommandEncoder.signal(worker: 2, signal: 15) == Self.frame(GLO_FRAME_SIGNAL, 2, [15, 0, 0, 0]))
        #expect(
            InitCommandEncoder.stop(worker: 2, graceMilliseconds: 300) == Self.frame(GLO_FRAME_STOP, 2, [44, 1, 0, 0]))
        #expect(
            InitCommandEncoder.connect(worker: 2, timeoutMilliseconds: -1)
                == Self.frame(GLO_FRAME_CONNECT, 2, [0, 0, 0, 0]))
        #expect(ExecFrameEncoder.cancel(4) == Self.frame(GLO_FRAME_CANCEL, 4, []))
        #expect(
            ExecFrameEncoder.run(4, environment: [("A", "b\0c")], standardInput: [9])
                == Self.frame(GLO_FRAME_RUN, 4, [4, 0, 0, 0] + Array("A=b\0".utf8) + [9]))
        var start = StartCommand(worker: 2, contract: .exec, arguments: ["a", "b"], environment: [("K", "v")])
        start.slots = 3
        start.port = 0x1234
        start.secrets = [.init(name: "s", contents: [1, 2])]
        var payload: [UInt8] = [3, 0, 0x34, 0x12, 3, 0, 0, 0]
        payload += Self.little(UInt32(10_000)) + Self.little(UInt32(1_000_000)) + Self.little(UInt32(8192))
        payload += [4, 0, 0, 0] + Array("a\0b\0".utf8) + [4, 0, 0, 0] + Array("K=v\0".utf8)
        payload += [1, 0, 0, 0] + Array("/".utf8) + [12, 0, 0, 0] + Array("/run/secrets".utf8)
        payload += [1, 0, 0, 0] + [1, 0, 0, 0] + Array("s".utf8) + [2, 0, 0, 0, 1, 2]
        #expect(InitCommandEncoder.start(start) == Self.frame(GLO_FRAME_START, 2, payload))
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
