import Glibc
import Testing

@testable import ZipArchive

@Suite("Links in archives") struct ZipLinkTests {
    private static func link(_ path: String, _ target: String) -> ArchiveMaker.Item {
        var item = ArchiveMaker.Item(path, target)
        item.mode = 0o120777
        return item
    }

    private func target(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &buffer, buffer.count - 1)
        return count < 0 ? nil : String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    @Test("Links within the archive and into the system are made, those that lead out are left out and told")
    func kinds() throws {
        let folder = try TemporaryFolder()
        let package = try ZipPackage(
            ArchiveMaker([
                Self.link("node_modules/.bin/tool", "../tool/cli.js"),
                ArchiveMaker.Item("node_modules/tool/cli.js", "x"),
                Self.link("python3", "/usr/bin/python3"), Self.link("passwd", "/etc/passwd"),
                Self.link("up", "../outside"), Self.link("through", "up/file"),
            ]).bytes())
        let leftOut = try package.extract(to: folder.path) { _ in false }
        #expect(leftOut == ["passwd", "up", "through"])
        #expect(target("\(folder.path)/node_modules/.bin/tool") == "../tool/cli.js")
        #expect(target("\(folder.path)/python3") == "/usr/bin/python3")
        for name in leftOut { #expect(target("\(folder.path)/\(name)") == nil) }
    }

    @Test("A link is no file: its text is not read as one")
    func contents() throws {
        let package = try ZipPackage(ArchiveMaker([Self.link("function.yaml", "memory: 1Gi")]).bytes())
        #expect(try package.contents(of: "function.yaml", limit: 100) == nil)
        #expect(package.entries.map(\.isLink) == [true])
    }

    @Test("Nothing is written through a link: what would lie below one is refused", arguments: [true, false])
    func below(linkFirst: Bool) {
        let items = [Self.link("a", "/usr/lib"), ArchiveMaker.Item("a/file", "x")]
        #expect(throws: ZipError.self) { try ZipPackage(ArchiveMaker(linkFirst ? items : items.reversed()).bytes()) }
        #expect(throws: ZipError.self) { try ZipPackage(ArchiveMaker([items[0], Self.link("a", "b")]).bytes()) }
    }

    @Test(
        "A link that leads nowhere that could be named is refused",
        arguments: ["", String(repeating: "x", count: 5000)])
    func odd(target: String) {
        #expect(throws: ZipError.self) { try ZipPackage(ArchiveMaker([Self.link("a", target)]).bytes()) }
    }

    @Test("A name in another code page is shown, and what to do about it")
    func codePage() {
        var item = ArchiveMaker.Item("x", "")
        item.name = [0x63, 0x61, 0x66, 0x82, 0x2E, 0x74, 0x78, 0x74]
        item.mode = nil
        do throws(ZipError) {
            _ = try ZipPackage(ArchiveMaker([item]).bytes())
            Issue.record("it was taken")
        } catch {
            #expect(error.code == .unsafe)
            #expect(
                error.message.hasPrefix(#"the name 'caf\x82.txt' is not UTF-8: the archive was made with names in"#))
        }
    }
}
