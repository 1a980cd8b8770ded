import Glibc

/// Takes secrets out of a tree that was unpacked.
enum SecretSweep {
    /// - Returns: the paths of what was removed, relative to the directory.
    static func sweep(_ directory: String, path: [String] = []) throws(ImportError) -> [String] {
        var removed: [String] = []
        for name in try CodeCopier.names(in: directory) {
            let child = "\(directory)/\(name)"
            var status = stat()
            guard lstat(child, &status) == 0 else { continue }
            let shown = (path + [name]).joined(separator: "/")
            if status.st_mode & S_IFMT == S_IFDIR {
                removed += try sweep(child, path: path + [name])
                if SecretFiles.isDirectory(name) { removed += try removeAll(child, shown) }
            } else if SecretFiles.isSecret(name, isCertificate: { SecretFiles.isCertificate(atPath: child) }) {
                guard unlink(child) == 0 else { throw ImportError("\(child) cannot be removed") }
                removed.append(shown)
            }
        }
        return removed
    }

    private static func removeAll(_ directory: String, _ shown: String) throws(ImportError) -> [String] {
        for name in try CodeCopier.names(in: directory) {
            let child = "\(directory)/\(name)"
            var status = stat()
            guard lstat(child, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                _ = try removeAll(child, shown)
            } else if unlink(child) != 0 {
                throw ImportError("\(child) cannot be removed")
            }
        }
        guard rmdir(directory) == 0 else { throw ImportError("\(directory) cannot be removed") }
        return ["\(shown)/"]
    }
}
