import Glibc

/// The parts of replacing a file so that after a power cut the old or the new one is there: a new file beside it, fsync(2),
/// rename(2), fsync of the directory, without which the new name may be lost.
package enum DurableFile {
    /// Where the writing of a new file failed.
    package struct Failure: Error, Hashable, Sendable {
        package enum Step: Hashable, Sendable {
            case create, write, prepare, synchronize
        }

        package let step: Step
        package let error: SystemError
    }

    /// Writes a file that must not be there.
    ///
    /// - Parameters:
    ///   - mode: its permission bits, less those of umask(2).
    ///   - synchronizes: false when the caller flushes the file system itself.
    ///   - prepare: does with the open file whatever else is to be done before it is flushed. False when that cannot be,
    ///     with `errno`.
    /// - Throws: what failed. The file is still there, unless it could not be made.
    package static func create(
        _ path: String, _ bytes: [UInt8], mode: UInt32 = 0o600, synchronizes: Bool = true,
        prepare: (Int32) -> Bool = { _ in true }
    ) throws(Failure) {
        let file = FileDescriptor(
            owning: open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode_t(mode)))
        guard file.isOpen else { throw Failure(step: .create, error: SystemError(errno)) }
        do throws(SystemError) {
            try FileDescriptor.writeAll(bytes, to: file.number)
        } catch {
            throw Failure(step: .write, error: error)
        }
        guard prepare(file.number) else { throw Failure(step: .prepare, error: SystemError(errno)) }
        guard !synchronizes || fsync(file.number) == 0 else {
            throw Failure(step: .synchronize, error: SystemError(errno))
        }
    }
}
