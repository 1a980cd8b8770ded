import Testing

@testable import ContainerEngine

@Suite struct ImageReferenceTests {
    @Test(
        "A name is taken apart as docker pull does",
        arguments: [
            ("debian", "debian", "latest"), ("debian:bookworm", "debian", "bookworm"),
            ("host:5000/team/app", "host:5000/team/app", "latest"), ("host:5000/app:1", "host:5000/app", "1"),
            ("a/b@sha256:00ff", "a/b", "sha256:00ff"),
        ])
    func parts(_ name: String, _ repository: String, _ reference: String) throws {
        let parts = try #require(ImageReference(name))
        #expect(parts.repository == repository && parts.reference == reference)
    }

    @Test("What cannot be a name is refused", arguments: ["", "a b", "a\nb", ":1", "a:", "@x"])
    func refused(_ name: String) { #expect(ImageReference(name) == nil) }
}
