import Foundation
import StateFiles
import Testing

@Suite("Documents with a checksum")
struct SealTests {
    private static let document = Array("{\n  \"b\" : [1, 2],\n  \"c\" : \"text\"\n}\n".utf8)
    private static let sealed = Seal.sealed(document, as: "tokens.json")

    @Test("A sealed document is JSON of the same members and one more")
    func json() throws {
        let value = try #require(try JSONSerialization.jsonObject(with: Data(Self.sealed)) as? [String: Any])
        #expect(value["c"] as? String == "text")
        #expect((value["seal"] as? String)?.hasPrefix("1 tokens.json ") == true)
        #expect(Seal.problem(of: Self.sealed, as: "tokens.json") == nil)
    }

    @Test("Every cut, and every flipped bit, is found")
    func everyDamage() {
        #expect(Seal.problem(of: [], as: "tokens.json") == .empty)
        for length in 1..<Self.sealed.count {
            #expect(Seal.problem(of: Array(Self.sealed[..<length]), as: "tokens.json") == .cutOff, "\(length)")
        }
        for position in Self.sealed.indices {
            for bit in 0..<8 {
                var bytes = Self.sealed
                bytes[position] ^= 1 << UInt8(bit)
                #expect(Seal.problem(of: bytes, as: "tokens.json") != nil, "\(position), bit \(bit)")
            }
        }
    }

    @Test("What stands behind the document is found")
    func longer() {
        #expect(Seal.problem(of: Self.sealed + [10], as: "tokens.json") == .changed)
        #expect(Seal.problem(of: Self.sealed + Self.sealed, as: "tokens.json") == .changed)
    }

    @Test("A file in another's place, and one without a checksum, are told from damage")
    func others() {
        #expect(Seal.problem(of: Self.sealed, as: "access-keys.json") == .replaced(by: "tokens.json"))
        #expect(Seal.problem(of: Self.document, as: "tokens.json") == .missing)
        #expect(Seal.problem(of: Array("garbage".utf8), as: "tokens.json") == .missing)
    }
}
