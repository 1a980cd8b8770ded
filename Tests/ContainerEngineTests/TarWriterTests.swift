import FoundationEssentials
import Testing

@testable import ContainerEngine

@Suite struct TarWriterTests {
    private let directory = TemporaryDirectory()

    private func listing(_ tar: TarWriter, _ flags: String) async throws -> String {
        let path = "\(directory.path)/a.tar"
        try Data(tar.finished()).write(to: URL(filePath: path))
        let result = try await Program.run("tar", ["--numeric-owner", flags, path])
        #expect(result.code == 0, "\(result.output)")
        return result.output
    }

    @Test("tar lists what was written")
    func list() async throws {
        var tar = TarWriter()
        tar.addDirectory("usr")
        tar.addSymbolicLink("bin", target: "usr/bin")
        tar.addFile("etc/passwd", contents: Array("root\n".utf8), mode: 0o640)
        tar.addFile("empty", contents: [])
        #expect(try await listing(tar, "-tf") == "usr/\nbin\netc/passwd\nempty\n")
        let lines = try await listing(tar, "-tvf").split(separator: "\n").map(String.init)
        #expect(lines[0].hasPrefix("drwxr-xr-x 0/0"))
        #expect(lines[1].hasPrefix("lrwxrwxrwx 0/0") && lines[1].hasSuffix("bin -> usr/bin"))
        #expect(lines[2].hasPrefix("-rw-r-----") && lines[2].contains(" 5 1970-01-01 00:00 "))
    }

    @Test("Contents come out as they went in", arguments: [0, 1, 511, 512, 513, 100_000])
    func contents(_ count: Int) async throws {
        var tar = TarWriter()
        let text = String((0..<count).map { Character(UnicodeScalar(UInt8(97 + $0 % 26))) })
        tar.addFile("a", contents: Array(text.utf8))
        tar.addFile("b", contents: Array("end".utf8))
        #expect(try await listing(tar, "-xOf") == text + "end")
        #expect(tar.finished().count % 512 == 0)
    }

    @Test("Equal entries make equal bytes, and the image's tag follows its contents")
    func hash() {
        let layout = HostLayout(links: [.init(name: "bin", target: "usr/bin")], directories: [], mounts: [])
        #expect(BaseImage(layout: layout).archive == BaseImage(layout: layout).archive)
        #expect(BaseImage(layout: layout).name == BaseImage(layout: layout).name)
        var other = layout
        other.links[0].target = "usr/sbin"
        #expect(BaseImage(layout: other).name != BaseImage(layout: layout).name)
        #expect(BaseImage(layout: layout).name.hasPrefix("glo-base:"))
    }
}
