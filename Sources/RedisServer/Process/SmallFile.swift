import Glibc

/// Files of a few kB that are read and replaced as a whole.
enum SmallFile {
    /// Nil when there is none.
    static func text(_ path: String) throws(RedisProcessError) -> String? {
        let number = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if number < 0 && errno == ENOENT { return nil }
        guard number >= 0 else { throw .system("\(path) cannot be read", errno) }
        let file = OwnedDescriptor(number)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count < 1 << 20 {
            let count = read(file.number, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .system("\(path) cannot be read", errno) }
            if count == 0 { break }
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Replaces a file in one step that survives a power cut; only this user may read it. A file that has the text
    /// already is left alone, since a full disk must not hinder a start that changes nothing.
    static func replace(_ path: String, with text: String, directory: String) throws(RedisProcessError) {
        if try Self.text(path) == text, chmod(path, 0o600) == 0 { return }
        let temporary = "\(path).new"
        guard unlink(temporary) == 0 || errno == ENOENT else { throw .system("\(temporary) cannot be removed", errno) }
        try write(text, to: temporary)
        guard rename(temporary, path) == 0 else { throw .system("\(path) cannot be replaced", errno) }
        let number = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw .system("\(directory) cannot be opened", errno) }
        let place = OwnedDescriptor(number)
        guard fsync(place.number) == 0 else { throw .system("\(directory) cannot be written to the disk", errno) }
    }

    private static func write(_ text: String, to path: String) throws(RedisProcessError) {
        let number = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw .system("\(path) cannot be made", errno) }
        let file = OwnedDescriptor(number)
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file.number, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure(path, errno) }
            written += count
        }
        guard fsync(file.number) == 0 else { throw failure(path, errno) }
    }

    private static func failure(_ path: String, _ number: Int32) -> RedisProcessError {
        guard number == ENOSPC || number == EDQUOT else { return .system("\(path) cannot be written", number) }
        return RedisProcessError(
            .diskFull, "The disk that holds \(path) is full.", hint: "Free some space there.",
            cause: SystemText.of(number))
    }
}
