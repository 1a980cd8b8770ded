import CLinux
import Glibc

/// The names in a directory one after the other, opendir(3) and readdir(3), without `.` and `..`, in no order.
package struct DirectoryStream: ~Copyable {
    private let stream: OpaquePointer

    package init(_ path: String) throws(SystemError) {
        guard let stream = opendir(path) else { throw SystemError(errno) }
        self.stream = stream
    }

    /// The names of an open directory, which the caller keeps: from the first one, whoever has read it before.
    package init(of directory: Int32) throws(SystemError) {
        let own = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0, let stream = fdopendir(own) else {
            let number = errno
            if own >= 0 { close(own) }
            throw SystemError(number)
        }
        self.stream = stream
    }

    deinit { closedir(stream) }

    /// The next name as it is on the disk, in any encoding, until the next call; nil at the end.
    package mutating func next() throws(SystemError) -> UnsafePointer<CChar>? {
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw SystemError(errno) }
                return nil
            }
            guard let name = clinux_entry_name(entry), strcmp(name, ".") != 0, strcmp(name, "..") != 0 else { continue }
            return name
        }
    }

    /// All names of a directory, as text: bytes that are not UTF-8 come as U+FFFD. When the listing breaks off, as that
    /// of a process in /proc that ends meanwhile, those that were read until then.
    package static func names(in path: String) throws(SystemError) -> [String] {
        var stream = try DirectoryStream(path)
        return stream.rest()
    }

    /// The same of an open directory.
    package static func names(of directory: Int32) throws(SystemError) -> [String] {
        var stream = try DirectoryStream(of: directory)
        return stream.rest()
    }

    private mutating func rest() -> [String] {
        var names: [String] = []
        while let name = try? next() { names.append(String(cString: name)) }
        return names
    }
}
