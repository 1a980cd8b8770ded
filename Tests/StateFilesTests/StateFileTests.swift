import Foundation
import Glibc
import StateFiles
import Testing

@Suite("Files of the state directory")
final class StateFileTests {
    private let directory: String

    init() throws {
        var template = Array("/tmp/glo-state-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func read(_ name: String) throws(StateFileError) -> [UInt8]? {
        try StateFile.read("\(directory)/\(name)", limit: 100)
    }

    @Test("A missing file is nil, an empty one is empty, and a good one is what was written")
    func good() throws {
        #expect(try read("a") == nil)
        try StateFile.replace("\(directory)/a", with: [])
        #expect(try read("a") == [])
        try StateFile.replace("\(directory)/a", with: [1, 2])
        #expect(try read("a") == [1, 2])
    }

    @Test("What others may read, a link, a directory and a file that is too large are refused")
    func refused() throws {
        try StateFile.replace("\(directory)/a", with: [UInt8](repeating: 0, count: 101))
        #expect(throws: StateFileError.self) { try read("a") }
        try StateFile.replace("\(directory)/b", with: [1])
        #expect(chmod("\(directory)/b", 0o640) == 0)
        let error1 = #expect(throws: StateFileError.self) { try read("b") }
        #expect(error1?.kind == .exposed)
        #expect(symlink("/etc/passwd", "\(directory)/c") == 0)
        #expect(throws: StateFileError.self) { try read("c") }
        #expect(mkdir("\(directory)/d", 0o700) == 0)
        #expect(throws: StateFileError.self) { try read("d") }
    }

    @Test("A file of another user is refused, unless the directory is that user's too")
    func owner() throws {
        try StateFile.replace("\(directory)/a", with: [1])
        #expect(StateOwner.trusts(geteuid(), at: "\(directory)/a"))
        #expect(StateOwner.trusts(0, at: "\(directory)/a"))
        #expect(!StateOwner.trusts(54_321, at: "\(directory)/a"))
        // Only root can give a file away.
        guard geteuid() == 0 else { return }
        #expect(chown("\(directory)/a", 54_321, 54_321) == 0)
        let error2 = #expect(throws: StateFileError.self) { try read("a") }
        #expect(error2?.kind == .exposed)
        #expect(chown(directory, 54_321, 54_321) == 0)
        #expect(try read("a") == [1])
    }

    @Test("A document without a checksum is old as long as the directory has no mark, and damaged from then on")
    func mark() throws {
        let path = "\(directory)/x.json"
        try StateFile.replace(path, with: Array("{\n  \"a\" : 1\n}".utf8))
        func sealed() throws(StateFileError) -> [UInt8]? {
            try StateFile.readSealed(
                path, as: "x.json", limit: 1000, allowsUnsealed: !StateMark.isConverted(directory))
        }
        #expect(try sealed() != nil)
        try StateMark().write(directory)
        let error3 = #expect(throws: StateFileError.self) { try sealed() }
        #expect(error3?.kind == .damaged)
        try StateFile.replace(path, with: Seal.sealed(Array("{\n  \"a\" : 1\n}".utf8), as: "x.json"))
        #expect(try sealed() != nil)
    }

    @Test("A mark is read as it was written; an emptied one counts as one; a newer one is refused")
    func markFile() throws {
        #expect(try StateMark.read(directory) == nil)
        #expect(!StateMark.isConverted(directory))
        var mark = StateMark()
        mark.namespace = "0123abcd"
        mark.digests["webhook.secret"] = Seal.digest([1])
        try mark.write(directory)
        #expect(try StateMark.read(directory) == mark)
        mark.format = 3
        try mark.write(directory)
        let error4 = #expect(throws: StateFileError.self) { try StateMark.read(self.directory) }
        #expect(error4?.kind == .unusable)
        try StateFile.replace("\(directory)/state.json", with: [])
        let error5 = #expect(throws: StateFileError.self) { try StateMark.read(self.directory) }
        #expect(error5?.kind == .damaged)
        #expect(StateMark.isConverted(directory))
    }
}
