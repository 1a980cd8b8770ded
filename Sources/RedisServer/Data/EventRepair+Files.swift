import Glibc
import LinuxSystem
import TextForms

/// What a repair does with files and directories.
extension EventRepair {
    static func makeDirectory(_ path: String) throws(RedisProcessError) {
        guard mkdir(path, 0o700) == 0 else { throw .system("\(path) cannot be made", errno) }
    }

    /// Removes a directory of ours with all that is in it, if it is there.
    static func remove(_ path: String) throws(RedisProcessError) {
        let names: [String]
        do throws(RedisProcessError) {
            guard let found = try AppendOnlyDirectory(path: path).names() else { return }
            names = found
        } catch {
            guard unlink(path) == 0 else { throw .system("\(path) cannot be removed", errno) }
            return
        }
        for name in names { try remove("\(path)/\(name)") }
        guard rmdir(path) == 0 else { throw .system("\(path) cannot be removed", errno) }
    }

    /// Copies the first bytes of a file, by reference where the file system can.
    static func copy(_ from: String, to: String, length: Int) throws(RedisProcessError) {
        let (input, output) = (
            open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        )
        guard input >= 0 else { throw .system("\(from) cannot be read", errno) }
        let source = OwnedDescriptor(owning: input)
        guard output >= 0 else { throw .system("\(to) cannot be made", errno) }
        let target = OwnedDescriptor(owning: output)
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var place = 0
        while place < length {
            let count = pread(source.raw, &buffer, min(buffer.count, length - place), off_t(place))
            guard count > 0 else { throw .system("\(from) cannot be read", errno) }
            do throws(SystemError) { try FileDescriptor.writeAll(buffer[..<count], to: target.raw) } catch {
                throw full(to, error.number)
            }
            place += count
        }
        guard fsync(target.raw) == 0 else { throw full(to, errno) }
    }

    private static func full(_ path: String, _ number: Int32) -> RedisProcessError {
        guard number == ENOSPC || number == EDQUOT else { return .system("\(path) cannot be written", number) }
        return RedisProcessError(.diskFull, "The disk that holds \(path) is full.", hint: "Free some space there.")
    }

    static func size(of directory: AppendOnlyDirectory) -> Int {
        let names = (try? directory.names()) ?? nil ?? []
        return names.reduce(0) { sum, name in
            var status = stat()
            return stat("\(directory.path)/\(name)", &status) == 0 ? sum + Int(status.st_size) : sum
        }
    }

    static func modified(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec : 0
    }

    /// Now, as a part of a file's name: `20261130T160000Z`.
    static func stamp() -> String { Timestamp.basic(unixSeconds: Int64(time(nil))) }
}
