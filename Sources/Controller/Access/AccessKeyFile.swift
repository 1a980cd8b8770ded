import AccessControl
import CLinux
import FoundationEssentials
import Glibc
import LinuxSystem

/// `<state>/access-keys.json`, readable by its owner alone: the access keys that `glo token` makes. It is replaced as a
/// whole, so a reader never sees half of it.
package struct AccessKeyFile: Sendable {
    private struct Document: Codable {
        var version = 1
        var keys: [AccessKey]
    }

    /// Tells one content of the file from another.
    struct Stamp: Hashable, Sendable {
        var inode: UInt64 = 0
        var size: Int64 = 0
        var changedNanoseconds: Int64 = 0
    }

    private let directory: String
    package static let fileName = "access-keys.json"
    private var path: String { "\(directory)/\(Self.fileName)" }
    private static let maximumBytes = 4 << 20

    package init(stateDirectory: String) { directory = stateDirectory }

    /// Zeros when there is no file.
    var stamp: Stamp {
        var status = clinux_file_status()
        guard clinux_status_at(AT_FDCWD, path, &status) == 0 else { return Stamp() }
        return Stamp(inode: status.inode, size: status.size, changedNanoseconds: status.changed_nanoseconds)
    }

    /// Oldest first; none when there is no file.
    package func keys() throws(AdminServerError) -> [AccessKey] {
        let bytes: [UInt8]
        do throws(AccessError) {
            guard let read = try PrivateFile.readSealed(Self.fileName, in: directory, limit: Self.maximumBytes) else {
                return []
            }
            bytes = read
        } catch {
            throw unusable(error.message)
        }
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)) else {
            throw unusable("\(path) is not what `glo token` writes")
        }
        return document.keys
    }

    /// Whether there is a file, good or not.
    package var exists: Bool { access(path, F_OK) == 0 }

    /// Gives a file of an older version its checksum.
    package func convert() throws(AdminServerError) {
        guard exists else { return }
        try withLock { () throws(AdminServerError) in try write(keys()) }
    }

    package func add(_ key: AccessKey) throws(AdminServerError) {
        try withLock { () throws(AdminServerError) in try write(keys() + [key]) }
    }

    /// False when there is no such key.
    package func remove(id: String) throws(AdminServerError) -> Bool {
        try withLock { () throws(AdminServerError) in
            let keys = try keys()
            let rest = keys.filter { $0.id != id }
            guard rest.count < keys.count else { return false }
            try write(rest)
            return true
        }
    }

    /// Two commands at once must not undo each other.
    private func withLock<Value>(_ body: () throws(AdminServerError) -> Value) throws(AdminServerError) -> Value {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw unusable("cannot open \(directory): \(SystemError.text(errno))")
        }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX) == 0 else {
            throw unusable("cannot lock \(directory): \(SystemError.text(errno))")
        }
        return try body()
    }

    private func write(_ keys: [AccessKey]) throws(AdminServerError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let text = try? encoder.encode(Document(keys: keys)) else { throw unusable("the keys cannot be written") }
        let bytes = Array(text) + [UInt8(ascii: "\n")]
        do throws(AccessError) {
            try PrivateFile.replaceSealed(Self.fileName, in: directory, with: bytes)
        } catch {
            throw unusable(error.message)
        }
    }

    private func unusable(_ sentence: String) -> AdminServerError { AdminServerError(.keysUnusable, sentence) }
}
