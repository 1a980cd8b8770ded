import FunctionModel
import Glibc
import LinuxSystem

/// The log files: `<directory>/<function>.log`, then `.log.1`, `.log.2` …, older and older.
///
/// A file is opened for each batch and closed again: with a thousand functions no descriptor stays behind, and a
/// file that somebody moved away is simply made anew.
struct LogFiles {
    let directory: String
    let maximumFileBytes: Int
    let maximumFiles: Int

    /// Makes the directory, readable for its owner only.
    init(directory: String, maximumFileBytes: Int, maximumFiles: Int) throws(LogStoreError) {
        self.directory = directory
        self.maximumFileBytes = max(1, maximumFileBytes)
        self.maximumFiles = max(1, maximumFiles)
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST, access(directory, W_OK | X_OK) == 0 else {
            throw LogStoreError(.directoryUnusable, "the log directory \(directory) cannot be used", errno: errno)
        }
    }

    /// Removes the files of all functions but these that were written last before a moment, Unix time in seconds.
    static func sweep(_ directory: String, except known: Set<String>, unwrittenSince seconds: Int64) {
        for file in (try? DirectoryStream.names(in: directory)) ?? [] {
            // `NAME.log`, `NAME.log.1` …; a function's name has no dot.
            guard let dot = file.firstIndex(of: "."), file[dot...].hasPrefix(".log") else { continue }
            let rest = file[dot...].dropFirst(4)
            guard rest.isEmpty || rest.first == ".", !known.contains(String(file[..<dot])) else { continue }
            var status = stat()
            let path = "\(directory)/\(file)"
            guard lstat(path, &status) == 0, Int64(status.st_mtim.tv_sec) < seconds else { continue }
            unlink(path)
        }
    }

    /// Appends whole lines, turning the files over where they are full.
    ///
    /// - Returns: 0, or the errno of what failed; the rest of the lines is lost then.
    func append(_ lines: [UInt8], to function: FunctionName) -> Int32 {
        let path = "\(directory)/\(function.rawValue).log"
        var offset = 0
        while offset < lines.count {
            let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { return errno }
            defer { close(descriptor) }
            let size = Int(lseek(descriptor, 0, SEEK_END))
            let end = endOfFitting(lines, from: offset, room: maximumFileBytes - size, isEmpty: size == 0)
            if end == offset {
                rotate(path)
                continue
            }
            do throws(SystemError) { try FileDescriptor.writeAll(lines[offset..<end], to: descriptor) } catch {
                return error.number
            }
            offset = end
        }
        return 0
    }

    /// How far whole lines fit into the room. An empty file takes at least one.
    private func endOfFitting(_ lines: [UInt8], from start: Int, room: Int, isEmpty: Bool) -> Int {
        let newline = UInt8(ascii: "\n")
        if lines.count - start <= room { return lines.count }
        let limit = start + max(0, room)
        if let last = lines[start..<limit].lastIndex(of: newline) { return last + 1 }
        guard isEmpty else { return start }
        return lines[limit...].firstIndex(of: newline).map { $0 + 1 } ?? lines.count
    }

    private func rotate(_ path: String) {
        for age in stride(from: maximumFiles - 1, to: 1, by: -1) { rename("\(path).\(age - 1)", "\(path).\(age)") }
        if maximumFiles > 1 { rename(path, "\(path).1") } else { unlink(path) }
    }
}
