import Glibc
import LinuxSystem

/// Puts a scaffold into the functions directory: all of it in one step, and never over something that is there.
struct ScaffoldWriter {
    let functionsDirectory: String
    let name: String

    /// The new function's directory.
    var path: String { "\(functionsDirectory)/\(name)" }

    func write(_ files: [ScaffoldFile]) throws(CommandFailure) {
        guard mkdir(functionsDirectory, 0o755) == 0 || errno == EEXIST else {
            throw failure("cannot make \(functionsDirectory)")
        }
        guard access(path, F_OK) != 0 else {
            throw CommandFailure(
                .failed, "\(path) exists already; nothing was written",
                hint: "Choose another name, or move it away.")
        }
        // A controller looks past names that begin with a dot, so it sees the function when it is whole.
        let draft = "\(functionsDirectory)/.\(name).init-\(getpid())"
        guard mkdir(draft, 0o755) == 0 else { throw failure("cannot make \(draft)") }
        do throws(CommandFailure) {
            for file in files { try write(file, in: draft) }
            guard rename(draft, path) == 0 else { throw failure("cannot make \(path)") }
        } catch {
            for file in files { unlink("\(draft)/\(file.name)") }
            rmdir(draft)
            throw error
        }
    }

    private func write(_ file: ScaffoldFile, in directory: String) throws(CommandFailure) {
        let path = "\(directory)/\(file.name)"
        let mode: mode_t = file.isExecutable ? 0o755 : 0o644
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("cannot make \(path)") }
        defer { close(descriptor) }
        // Whatever the umask: files that others may write are refused, and a handler must be executable.
        fchmod(descriptor, mode)
        do throws(SystemError) { try FileDescriptor.writeAll(Array(file.contents.utf8), to: descriptor) } catch {
            throw CommandFailure(.failed, "cannot write \(path): \(error)")
        }
    }

    private func failure(_ sentence: String) -> CommandFailure {
        CommandFailure(.failed, "\(sentence): \(SystemError.text(errno))")
    }
}
