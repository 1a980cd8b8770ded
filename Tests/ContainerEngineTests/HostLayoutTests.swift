import Glibc
import Testing

@testable import ContainerEngine

@Suite struct HostLayoutTests {
    private let directory = TemporaryDirectory()

    @Test("A merged /usr becomes links and one mount")
    func merged() {
        directory.makeDirectory("usr")
        symlink("usr/bin", "\(directory.path)/bin")
        symlink("/usr/lib", "\(directory.path)/lib")
        let layout = HostLayout.probe(root: directory.path + "/", mountInfo: "")
        #expect(layout.links == [.init(name: "bin", target: "usr/bin"), .init(name: "lib", target: "usr/lib")])
        #expect(layout.directories.isEmpty)
        #expect(layout.mounts == [ReadOnlyMount(source: "\(directory.path)/usr", target: "/usr")])
    }

    @Test("Where /bin and /lib are directories each is mounted")
    func separate() {
        for name in ["usr", "bin", "lib"] { directory.makeDirectory(name) }
        let layout = HostLayout.probe(root: directory.path + "/", mountInfo: "")
        #expect(layout.links.isEmpty)
        #expect(layout.directories == ["bin", "lib"])
        #expect(layout.mounts.map(\.target) == ["/bin", "/lib", "/usr"])
    }

    @Test("Of /etc only what exists and is no secret is shown")
    func configuration() throws {
        for name in ["usr", "etc", "etc/ssl", "etc/ssl/private", "etc/ssl/certs", "etc/java-17-openjdk", "etc/pki"] {
            directory.makeDirectory(name)
        }
        for name in ["etc/shadow", "etc/passwd", "etc/ssl/openssl.cnf", "etc/ld.so.cache"] {
            try directory.write(name, "")
        }
        let targets = HostLayout.probe(root: directory.path + "/", mountInfo: "").mounts.map(\.target)
        #expect(
            targets == ["/usr", "/etc/ld.so.cache", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/java-17-openjdk"])
    }

    @Test("What is mounted below /usr gets a mount of its own")
    func nested() {
        let text = """
            22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
            30 22 254:1 / /usr/local rw - ext4 /dev/vdb rw
            31 22 254:1 / /usr/with\\040blank rw - ext4 /dev/vdb rw
            32 22 254:1 / /usrlocal rw - ext4 /dev/vdb rw
            """
        #expect(HostLayout.mountPoints(below: "/usr/", in: text) == ["/usr/local"])
    }

    @Test("No mount of this host leads to a private key or to a whole /etc")
    func thisHost() {
        let layout = HostLayout.probe()
        #expect(layout.mounts.contains(ReadOnlyMount(source: "/usr", target: "/usr")))
        for mount in layout.mounts {
            #expect(mount.source == mount.target)
            #expect(!["/", "/etc", "/etc/ssl", "/etc/pki", "/root", "/home", "/var"].contains(mount.source))
            #expect(!mount.source.contains("private"))
        }
    }
}
