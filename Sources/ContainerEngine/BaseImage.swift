import TextForms

/// The built-in image: links, empty directories and a few lines of /etc; everything else is mounted from the host.
package struct BaseImage: Sendable {
    package let archive: [UInt8]
    /// `glo-base:<hash>`: another archive has another tag, so an image is made once and never replaced.
    package let name: String

    package static let repository = "glo-base"

    package init(layout: HostLayout) {
        archive = Self.archive(layout)
        name = "\(Self.repository):\(Self.hash(archive))"
    }

    /// The tag alone.
    package var tag: String { String(name.dropFirst(Self.repository.count + 1)) }

    private static let directories = [
        "dev", "etc", "etc/ssl", "opt", "proc", "run", "run/glo", "sys", "usr", "var", "var/runtime", "var/task",
    ]

    /// Places of file systems in memory. runc gives those the mode of the directory that they cover, whatever their
    /// own `mode=` says; it counts only where there is no directory.
    private static let memoryDirectories = [("run/secrets", 0o700), ("tmp", 0o1777)]

    private static let files: [(path: String, text: String)] = [
        ("etc/group", "root:x:0:\nnogroup:x:65534:\n"),
        ("etc/hosts", "127.0.0.1 localhost\n"),
        ("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n"),
        (
            "etc/passwd",
            "root:x:0:0:root:/root:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
        ),
        // The place of the bind-mounted init program.
        ("run/glo-init", ""),
    ]

    private static func archive(_ layout: HostLayout) -> [UInt8] {
        var tar = TarWriter()
        for directory in (directories + layout.directories).sorted() { tar.addDirectory(directory) }
        for directory in memoryDirectories { tar.addDirectory(directory.0, mode: directory.1) }
        for link in layout.links { tar.addSymbolicLink(link.name, target: link.target) }
        tar.addSymbolicLink("etc/os-release", target: "../usr/lib/os-release")
        for file in files { tar.addFile(file.path, contents: Array(file.text.utf8)) }
        return tar.finished()
    }

    /// FNV-1a, 64 bits: tells archives of ours apart and protects against nobody.
    private static func hash(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Hexadecimal.text(word: hash)
    }
}
