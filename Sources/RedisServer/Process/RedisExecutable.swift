import Glibc
import LinuxSystem

/// The redis-server of this host.
package struct RedisExecutable: Sendable, Hashable {
    /// As it was found: which of its programs Redis is depends on the name, so links are not followed.
    package let path: String
    package let version: RedisVersion

    /// Looks in the directories of `searchPath` (as in `PATH`) and then in the usual ones, and asks the first that is
    /// there for its version. It blocks for some milliseconds.
    package static func find(searchPath: String) throws(RedisProcessError) -> RedisExecutable {
        let directories = searchPath.split(separator: ":").map(String.init) + ["/usr/local/bin", "/usr/bin"]
        let paths = directories.filter { $0.hasPrefix("/") }.map { "\($0)/redis-server" }
        guard let path = paths.first(where: isProgram) else {
            throw RedisProcessError(
                .notInstalled, "There is no redis-server on this host, and events need one.",
                hint: "Install it: apt-get install redis-server  Or use another one with --redis URL.")
        }
        return try RedisExecutable(path: path, versionOutput: SpawnedProgram.output(of: [path, "--version"]))
    }

    init(path: String, versionOutput: String?) throws(RedisProcessError) {
        guard let output = versionOutput, let version = RedisVersion(versionOutput: output) else {
            throw RedisProcessError(
                .notSupported, "\(path) does not say its version.", hint: "Install it: apt-get install redis-server",
                cause: versionOutput?.split(whereSeparator: \.isNewline).first.map(String.init))
        }
        guard version.isSupported else {
            throw RedisProcessError(
                .notSupported, "\(path) is Redis \(version), which has no Functions.",
                hint: "Install \(RedisVersion.oldestSupported) or later, or use another Redis with --redis URL.")
        }
        self.path = path
        self.version = version
    }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
