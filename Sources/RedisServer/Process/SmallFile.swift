import Glibc
import LinuxSystem

/// Files of a few kB that are read and replaced as a whole.
enum SmallFile {
    /// Nil when there is none.
    static func text(_ path: String) throws(RedisProcessError) -> String? {
        let number = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if number < 0 && errno == ENOENT { return nil }
        guard number >= 0 else { throw .system("\(path) cannot be read", errno) }
        let file = FileDescriptor(owning: number)
        do throws(SystemError) {
            return String(decoding: try FileDescriptor.readAll(file.number, limit: (1 << 20) - 1), as: UTF8.self)
        } catch {
            throw .system("\(path) cannot be read", error.number)
        }
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
        let place = FileDescriptor(owning: number)
        guard fsync(place.number) == 0 else { throw .system("\(directory) cannot be written to the disk", errno) }
    }

    private static func write(_ text: String, to path: String) throws(RedisProcessError) {
        do throws(DurableFile.Failure) {
            try DurableFile.create(path, Array(text.utf8))
        } catch {
            let number = error.error.number
            if error.step == .create { throw .system("\(path) cannot be made", number) }
            throw failure(path, number)
        }
    }

    private static func failure(_ path: String, _ number: Int32) -> RedisProcessError {
        guard number == ENOSPC || number == EDQUOT else { return .system("\(path) cannot be written", number) }
        return RedisProcessError(
            .diskFull, "The disk that holds \(path) is full.", hint: "Free some space there.",
            cause: SystemError.text(number))
    }
}
