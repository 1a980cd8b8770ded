import LinuxSystem

/// What of the host the built-in base image shows, read-only: its programs and libraries, and of /etc what loaders,
/// TLS and clocks read. Nothing in it is a secret: not one directory of /etc as a whole that holds any.
package struct HostLayout: Hashable, Sendable {
    /// Top-level names that are links on the host (`bin` -> `usr/bin`) and so in the image.
    package var links: [Link]
    /// Top-level names that are directories on hosts without a merged /usr.
    package var directories: [String]
    package var mounts: [ReadOnlyMount]

    package struct Link: Hashable, Sendable {
        package var name: String
        package var target: String

        package init(name: String, target: String) {
            self.name = name
            self.target = target
        }
    }

    package init(links: [Link], directories: [String], mounts: [ReadOnlyMount]) {
        self.links = links
        self.directories = directories
        self.mounts = mounts
    }

    private static let programDirectories = ["bin", "lib", "lib32", "lib64", "libx32", "sbin"]

    /// Below /etc. `ssl` and `pki` only in part: they also hold private keys.
    private static let configuration = [
        "alternatives", "ca-certificates", "ca-certificates.conf", "crypto-policies", "ld.so.cache", "ld.so.conf",
        "ld.so.conf.d", "localtime", "mime.types", "pki/ca-trust/extracted", "pki/tls/cert.pem", "pki/tls/certs",
        "pki/tls/openssl.cnf", "protocols", "services", "ssl/cert.pem", "ssl/certs", "ssl/openssl.cnf", "timezone",
    ]

    /// Looks at a host.
    /// - Parameters:
    ///   - root: the host's root directory with a slash at its end.
    ///   - mountInfo: the text of /proc/self/mountinfo.
    package static func probe(root: String = "/", mountInfo: String = ProcFile.text("/proc/self/mountinfo")) -> Self {
        var layout = Self(links: [], directories: [], mounts: [])
        for name in programDirectories {
            switch FileKind(path: root + name) {
            case .symbolicLink(let target): layout.links.append(Link(name: name, target: relative(target)))
            case .directory:
                layout.directories.append(name)
                layout.add("/" + name, root: root)
            case .file, .other, nil: break
            }
        }
        layout.add("/usr", root: root)
        // A mount of one file system leaves out what is mounted below it; each gets a read-only mount of its own,
        // since engines before 25 make only the topmost one of a recursive mount read-only.
        for point in mountPoints(below: "/usr/", in: mountInfo) { layout.add(point, root: root) }
        for name in configuration + javaDirectories(root: root) where FileKind(path: root + "etc/" + name) != nil {
            layout.add("/etc/" + name, root: root)
        }
        return layout
    }

    private mutating func add(_ path: String, root: String) {
        mounts.append(ReadOnlyMount(source: root + path.dropFirst(), target: path))
    }

    /// Debian's Java reads its configuration through links into /etc.
    private static func javaDirectories(root: String) -> [String] {
        let names = (try? DirectoryStream.names(in: root + "etc")) ?? []
        return names.filter { $0.hasPrefix("java-") && $0.hasSuffix("-openjdk") }.sorted()
    }

    private static func relative(_ target: String) -> String {
        String(target.drop { $0 == "/" })
    }

    /// The fifth word of each line of mountinfo (proc(5)) is where it is mounted, blanks as octal escapes. Points with
    /// such escapes are left out.
    static func mountPoints(below prefix: String, in mountInfo: String) -> [String] {
        var points: Set<String> = []
        for line in mountInfo.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 4, words[4].hasPrefix(prefix), !words[4].contains("\\") else { continue }
            points.insert(String(words[4]))
        }
        return points.sorted()
    }
}
