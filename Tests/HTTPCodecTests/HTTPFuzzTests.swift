import HTTPCodec
import NIOCore
import Testing

/// A small generator with a seed (SplitMix64), so that a failure can be had again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite("Damaged bytes never bring a parser down")
struct HTTPFuzzTests {
    /// Some bytes of the text replaced, removed, doubled.
    private func damaged(_ text: String, _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = Array(text.utf8)
        let interesting: [UInt8] = [0, 9, 10, 13, 32, 44, 48, 58, 59, 65, 127, 128, 255]
        for _ in 0..<Int.random(in: 1...6, using: &generator) where !bytes.isEmpty {
            let position = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[position] = interesting.randomElement(using: &generator) ?? 0
            case 1: bytes.remove(at: position)
            case 2: bytes.insert(interesting.randomElement(using: &generator) ?? 0, at: position)
            default: bytes[position] = UInt8.random(in: 0...255, using: &generator)
            }
        }
        return bytes
    }

    private func pieces(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [ByteBuffer] {
        var pieces: [ByteBuffer] = []
        var position = 0
        while position < bytes.count {
            let end = min(bytes.count, position + Int.random(in: 1...40, using: &generator))
            pieces.append(ByteBuffer(bytes: bytes[position..<end]))
            position = end
        }
        return pieces
    }

    @Test("Damaged requests give the same answer whole and in pieces", arguments: 0..<8)
    func requests(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let text = HTTPRequestParserTests.messages.randomElement(using: &generator) ?? ""
            let bytes = damaged(text, &generator)
            let whole = Transcript.ofRequests([ByteBuffer(bytes: bytes)])
            #expect(Transcript.ofRequests(pieces(bytes, &generator)) == whole)
        }
    }

    @Test("Damaged responses give the same answer whole and in pieces", arguments: 0..<8)
    func responses(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            guard let example = HTTPResponseParserTests.cases.randomElement(using: &generator) else { continue }
            let bytes = damaged(example.text, &generator)
            let whole = Transcript.ofResponses([ByteBuffer(bytes: bytes)], to: example.methods, closing: true)
            #expect(Transcript.ofResponses(pieces(bytes, &generator), to: example.methods, closing: true) == whole)
        }
    }

    @Test("Noise is refused or waits for more", arguments: 0..<4)
    func noise(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed &+ 1000)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 1...200, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            let lines = Transcript.ofRequests([ByteBuffer(bytes: bytes)])
            #expect(lines.isEmpty || lines[0].hasPrefix("error"))
        }
    }
}
