/// Where the symbolic links among a function's files lead, told from the list of them: nothing on a disk is looked at,
/// and so nothing is followed.
///
/// A container sees the files below `/var/task` and, beside them, a `/usr` of its own. A link may lead to any of these.
package struct LinkMap: Hashable, Sendable {
    package enum Destination: Hashable, Sendable {
        /// A path below the function's own directory, free of links; empty for the directory itself. There need not be
        /// anything. `isRelative` when nothing on the way says where the directory lies.
        case inside(String, isRelative: Bool)
        /// An absolute path of the container's system.
        case system(String)
        /// Anything else, which the container does not have.
        case outside
        /// Links that lead to each other.
        case loop
    }

    /// As many as the kernel follows (path_resolution(7)).
    private static let followedLimit = 40
    /// Where the system's programs and libraries are. The short names are links into `/usr`.
    private static let systemRoots: Set<Substring> = ["usr", "bin", "sbin", "lib", "lib64", "lib32", "libx32"]

    /// What each link says, by the bytes of its path: the kernel tells names apart that Unicode takes for the same.
    private let targets: [[UInt8]: String]

    /// - Parameter links: paths below the function's directory, and what each link says.
    package init(_ links: [(path: String, target: String)] = []) {
        targets = Dictionary(links.map { (Array($0.path.utf8), $0.target) }) { $1 }
    }

    package var isEmpty: Bool { targets.isEmpty }

    /// Whether a link may be among a version's files: it leads to one of them or into the container's system.
    package func isKept(_ path: String) -> Bool { destination(of: path) != .outside }

    /// Whether a link leads to one of the function's files wherever these lie.
    package func staysInside(_ path: String) -> Bool {
        switch destination(of: path) {
        case .inside(_, let isRelative): isRelative
        case .loop: true
        case .system, .outside: false
        }
    }

    /// Where a path of the function's files leads, as the container's kernel would find it.
    package func destination(of path: String) -> Destination {
        if targets.isEmpty { return .inside(path, isRelative: true) }
        var found: [Substring] = []
        // The next part is the last one.
        var rest: [Substring] = path.split(separator: "/").reversed()
        var followed = 0
        var isRelative = true
        while let part = rest.popLast() {
            if part == "." { continue }
            if part == ".." {
                guard found.popLast() != nil else { return .outside }
                continue
            }
            found.append(part)
            guard let target = targets[Array(found.joined(separator: "/").utf8)] else { continue }
            followed += 1
            guard followed <= Self.followedLimit else { return .loop }
            found.removeLast()
            rest += target.split(separator: "/").reversed()
            guard target.hasPrefix("/") else { continue }
            guard let inTask = Self.belowTask(rest) else { return Self.system(rest) }
            rest = inTask
            found = []
            isRelative = false
        }
        return .inside(found.joined(separator: "/"), isRelative: isRelative)
    }

    /// What is left of an absolute path below `/var/task`; nil when it leads elsewhere.
    private static func belowTask(_ reversed: [Substring]) -> [Substring]? {
        var rest = reversed
        for wanted in ["var", "task"] {
            while rest.last == "." { rest.removeLast() }
            guard rest.popLast() == wanted[...] else { return nil }
        }
        return rest
    }

    private static func system(_ reversed: [Substring]) -> Destination {
        var parts: [Substring] = []
        for part in reversed.reversed() where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        guard let root = parts.first, systemRoots.contains(root) else { return .outside }
        return .system("/" + parts.joined(separator: "/"))
    }
}
