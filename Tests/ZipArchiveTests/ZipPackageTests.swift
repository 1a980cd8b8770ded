import CZlib
import Glibc
import Testing

@testable import ZipArchive

@Suite struct ZipPackageTests {
    private func refusal(_ maker: ArchiveMaker, limits: ZipLimits = ZipLimits()) -> ZipError.Code? {
        do throws(ZipError) {
            _ = try ZipPackage(maker.bytes(), limits: limits)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("Stored and deflated files come out as they went in, with their modes")
    func roundTrip() throws {
        var program = ArchiveMaker.Item("bin/run", String(repeating: "echo hello\n", count: 50_000))
        program.isDeflated = true
        program.mode = 0o100700
        var directory = ArchiveMaker.Item("data/")
        directory.mode = 0o040755
        let maker = ArchiveMaker([program, directory, ArchiveMaker.Item("data/a.txt", "text")])
        let target = try TemporaryFolder()
        let package = try ZipPackage(maker.bytes())
        try package.extract(to: target.path) { $0.isExecutable ?? false }
        #expect(try target.text("bin/run") == String(repeating: "echo hello\n", count: 50_000))
        #expect(try target.mode("bin/run") == 0o755)
        #expect(try target.text("data/a.txt") == "text")
        #expect(try target.mode("data/a.txt") == 0o644)
        #expect(try package.contents(of: "data/a.txt", limit: 10) == Array("text".utf8))
    }

    @Test(
        "Paths that lead out of the directory are refused",
        arguments: [
            "../a", "a/../../b", "/etc/passwd", "a\\b", "..\\a", "C:/a", "a//b", "a\u{1}b", "a\0b",
        ])
    func traversal(name: String) {
        #expect(refusal(ArchiveMaker(files: [(name, "x")])) == .unsafe)
    }

    @Test("A leading ./ is taken away, and ./ itself is nothing")
    func dot() throws {
        let package = try ZipPackage(ArchiveMaker(files: [("./", ""), ("./bootstrap", "x")]).bytes())
        #expect(package.entries.map(\.path) == ["bootstrap"])
    }

    @Test("Devices, pipes and sockets are refused", arguments: [0o060644, 0o020644, 0o010644, 0o140755])
    func kinds(mode: UInt32) {
        var item = ArchiveMaker.Item("a", "/etc/passwd")
        item.mode = mode
        #expect(refusal(ArchiveMaker([item])) == .unsafe)
    }

    @Test(
        "A name that comes twice, or is a file and a directory, is refused",
        arguments: [
            ["a", "a"], ["a", "a/b"], ["a/b", "a"], ["./a", "a"], ["a/", "a"],
        ])
    func clashes(names: [String]) {
        #expect(refusal(ArchiveMaker(files: names.map { ($0, "") })) == .unsafe)
    }

    @Test("Sizes are bounded before anything is inflated")
    func sizes() {
        var limits = ZipLimits()
        limits.unzippedBytes = 10
        #expect(refusal(ArchiveMaker(files: [("a", "123456"), ("b", "123456")]), limits: limits) == .tooLarge)
        limits = ZipLimits()
        limits.entries = 2
        #expect(refusal(ArchiveMaker(files: [("a/b/c", "")]), limits: limits) == .tooLarge)
        limits = ZipLimits()
        limits.archiveBytes = 100
        #expect(refusal(ArchiveMaker(files: [("a", String(repeating: "x", count: 200))]), limits: limits) == .tooLarge)
        let deep = String(repeating: "a/", count: 40) + "b"
        #expect(refusal(ArchiveMaker(files: [(deep, "")])) == .tooLarge)
    }

    @Test("A file that inflates to more than it says, or to less, is refused", arguments: [UInt32(10), 100_001])
    func lies(size: UInt32) throws {
        var item = ArchiveMaker.Item("a", String(repeating: "x", count: 100_000))
        item.isDeflated = true
        item.claimedSize = size
        let package = try ZipPackage(ArchiveMaker([item]).bytes())
        let target = try TemporaryFolder()
        #expect(throws: ZipError.self) { try package.extract(to: target.path) { _ in false } }
    }

    @Test("A ratio that deflate cannot reach is refused")
    func ratio() {
        var item = ArchiveMaker.Item("a", "tiny")
        item.isDeflated = true
        item.claimedSize = 200_000_000
        #expect(refusal(ArchiveMaker([item])) == .unsafe)
    }

    @Test("Entries that share their data are refused")
    func overlap() {
        var second = ArchiveMaker.Item("a", "data")
        second.sharesDataOf = 0
        #expect(refusal(ArchiveMaker([ArchiveMaker.Item("a", "data"), second])) == .unsafe)
        second.name = Array("b".utf8)
        #expect(refusal(ArchiveMaker([ArchiveMaker.Item("a", "data"), second])) == .damaged)
    }

    @Test("A local header of another name is refused")
    func localName() {
        var item = ArchiveMaker.Item("a", "x")
        item.localName = Array("b".utf8)
        #expect(refusal(ArchiveMaker([item])) == .damaged)
    }

    @Test("Encryption and other methods are refused by name")
    func unsupported() {
        var item = ArchiveMaker.Item("a", "x")
        item.flags = 1
        #expect(refusal(ArchiveMaker([item])) == .unsupported)
        item.flags = 0
        item.method = 12
        #expect(refusal(ArchiveMaker([item])) == .unsupported)
    }

    @Test("A wrong checksum is found")
    func checksum() throws {
        var item = ArchiveMaker.Item("a", "x")
        item.claimedChecksum = 1
        let package = try ZipPackage(ArchiveMaker([item]).bytes())
        let target = try TemporaryFolder()
        #expect(throws: ZipError(.damaged, "the checksum of 'a' does not hold")) {
            try package.extract(to: target.path) { _ in false }
        }
    }

    @Test("What is no archive is refused, and a comment does not hide one")
    func noArchive() throws {
        #expect(throws: ZipError.self) { try ZipPackage([]) }
        #expect(throws: ZipError.self) { try ZipPackage([UInt8](repeating: 0x50, count: 100_000)) }
        var maker = ArchiveMaker(files: [("a", "x")])
        maker.comment = "made by hand"
        #expect(try ZipPackage(maker.bytes()).entries.count == 1)
    }

    @Test("Broken archives end in an error and never in a crash")
    func fuzz() {
        var item = ArchiveMaker.Item("dir/a", String(repeating: "abc", count: 200))
        item.isDeflated = true
        let whole = ArchiveMaker([item, ArchiveMaker.Item("b", "text")]).bytes()
        var state: UInt64 = 42
        for _ in 0..<3_000 {
            var bytes = whole
            for _ in 0..<3 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 17)
            }
            if state & 7 == 0 { bytes.removeLast(Int(state >> 40) % bytes.count) }
            guard let package = try? ZipPackage(bytes) else { continue }
            for entry in package.entries { _ = try? package.contents(of: entry.path, limit: 1 << 20) }
        }
    }
}
