import Testing

@testable import ContainerEngine

@Suite struct ImageNamesTests {
    @Test("The one file of an archive is read, and nothing that is no whole file")
    func tar() {
        var tar = TarWriter()
        tar.addFile("passwd", contents: Array("a:x:1:1::/:/bin/sh\n".utf8))
        let archive = tar.finished()
        #expect(TarFile.contents(of: archive) == Array("a:x:1:1::/:/bin/sh\n".utf8))
        #expect(TarFile.contents(of: Array(archive.prefix(515))) == nil)
        #expect(TarFile.contents(of: []) == nil)
        var link = TarWriter()
        link.addSymbolicLink("passwd", target: "/elsewhere")
        #expect(TarFile.contents(of: link.finished()) == nil)
        var odd = archive
        odd[130] = UInt8(ascii: "x")
        #expect(TarFile.contents(of: odd) == nil)
    }

    @Test("An image's names are looked up once, and the container that was made for it is gone")
    func lookUp() async throws {
        try await DockerFixture.run { fixture in
            var tar = TarWriter()
            tar.addDirectory("etc")
            tar.addFile("etc/passwd", contents: Array("www:x:33:33::/var/www:/bin/false".utf8))
            let path = try fixture.directory.write("image.tar", String(decoding: tar.finished(), as: UTF8.self))
            let name = "glo-names-test:\(fixture.namespace)"
            let imported = try await Program.run("docker", ["import", path, name])
            #expect(imported.code == 0, "\(imported.output)")
            let image = try await fixture.engine.ensureImage(name) { _ in }
            let labels = ContainerLabels(namespace: fixture.namespace, boot: DockerFixture.boot)
            let names = try await fixture.engine.names(inImage: image, for: labels)
            #expect(names == ImageNames(passwd: "www:x:33:33::/var/www:/bin/false", group: ""))
            #expect(try await fixture.engine.names(inImage: image, for: labels) == names)
            let left = try await Program.run(
                "docker", ["ps", "-aq", "--filter", "label=glo.namespace=\(fixture.namespace)"])
            #expect(left.output.isEmpty)
            _ = try await Program.run("docker", ["rmi", "-f", name])
        }
    }
}
