import Glibc
import LinuxSystem

/// The directory of the append-only files as the file system shows it.
struct AppendOnlyDirectory: Sendable {
    let path: String

    var manifestPath: String { "\(path)/\(AppendOnlyManifest.fileName)" }

    func path(of entry: AppendOnlyManifest.Entry) -> String { "\(path)/\(entry.name)" }

    /// The names in it; nil when there is no such directory.
    func names() throws(RedisProcessError) -> [String]? {
        do throws(SystemError) {
            return try DirectoryStream.names(in: path).sorted()
        } catch {
            if error.number == ENOENT { return nil }
            throw .system("\(path) cannot be read", error.number)
        }
    }

    /// Nil when there is none; an empty manifest is given for a text that is none.
    func manifest() throws(RedisProcessError) -> AppendOnlyManifest? {
        guard let text = try SmallFile.text(manifestPath) else { return nil }
        return AppendOnlyManifest(text) ?? AppendOnlyManifest([])
    }

    /// What tells this state of the directory from any other, without reading the files.
    func fingerprint() -> String {
        let names = (try? names()) ?? []
        return (["."] + names).map { name in
            var status = stat()
            guard stat("\(path)/\(name)", &status) == 0 else { return "\(name) \(errno)" }
            return "\(name) \(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) "
                + "\(status.st_uid) \(status.st_mode)"
        }.joined(separator: "\n")
    }
}
