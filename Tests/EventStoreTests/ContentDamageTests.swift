import Foundation
import Glibc
import NIOCore
import Testing

@testable import EventStore

@Suite("Damaged content files")
final class ContentDamageTests {
    private let path: String
    private let directory: ContentDirectory
    private var random = SystemRandomNumberGenerator()

    init() throws {
        var template = Array("/tmp/glo-content-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        directory = try ContentDirectory(path: path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @Test("A file is read as it was written, whatever its length", arguments: 0...40)
    func good(count: Int) throws {
        let bytes = ByteBuffer(bytes: (0..<count).map { UInt8($0) })
        let ref = ContentFiles.newRef(for: bytes, using: &random)
        #expect(ContentFiles.isValid(ref: ref))
        try directory.write(bytes, as: ref)
        #expect(try directory.read(ref) == bytes)
    }

    @Test("Every cut and every flipped bit is found")
    func damaged() throws {
        let bytes = (0..<37).map { UInt8($0 * 3) }
        let ref = ContentFiles.newRef(for: ByteBuffer(bytes: bytes), using: &random)
        var harmed = (0..<bytes.count).map { Array(bytes[..<$0]) }
        for position in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[position] ^= 1 << UInt8(bit)
                harmed.append(changed)
            }
        }
        harmed.append(bytes + [0])
        for other in harmed {
            try directory.write(ByteBuffer(bytes: other), as: ref)
            let error = #expect(throws: ContentFileError.self) { try self.directory.read(ref) }
            #expect(error?.code == .damaged)
        }
    }

    @Test("The name of an older version tells nothing, and its file is read")
    func older() throws {
        let ref = ContentFiles.newRef(using: &random)
        try directory.write(ByteBuffer(string: "old"), as: ref)
        #expect(try directory.read(ref) == ByteBuffer(string: "old"))
    }

    @Test("Two contents that are the same have names of their own")
    func names() {
        let bytes = ByteBuffer(string: "same")
        let refs = Set((0..<1000).map { _ in ContentFiles.newRef(for: bytes, using: &self.random) })
        #expect(refs.count == 1000)
    }
}
