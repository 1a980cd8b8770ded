import CLinux
import Glibc

/// The names in a directory.
enum DirectoryListing {
    /// Names in no order, without `.` and `..`. A name that is not UTF-8 comes as nil.
    static func names(of directory: borrowing FileDescriptor, _ path: String) throws(SystemCallError) -> [String?] {
        // The stream owns its descriptor, and a fresh one starts at the first name.
        let own = try directory.open(beneath: ".", isDirectory: true)
        let copy = fcntl(own.number, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0, let stream = fdopendir(copy) else {
            let number = errno
            if copy >= 0 { close(copy) }
            throw SystemCallError(call: "list", path: path, number: number)
        }
        defer { closedir(stream) }
        var names: [String?] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw SystemCallError(call: "list", path: path, number: errno) }
                return names
            }
            guard let text = clinux_entry_name(entry) else { continue }
            let name = String(validatingCString: text)
            if name == "." || name == ".." { continue }
            names.append(name)
        }
    }
}
