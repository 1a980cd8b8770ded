import AdminModel
import Glibc
import LinuxSystem
import StateFiles

/// The right to run a controller on a state directory: a locked file that holds the controller's pid.
///
/// The kernel lets the lock go when the process ends, however it ends, so a stale one cannot exist. Whoever holds it
/// may replace a socket or containers that an earlier controller left. Released when the value goes away.
package final class StateLock: Sendable {
    /// The state directory.
    package let directory: String
    /// Whether the controller that had it last was of a version that knows no ``StateMark``: those write their pid only.
    let olderRan: Bool
    /// Whether the last controller knew that everything in the directory has its checksum.
    let wasConverted: Bool
    private let descriptor: Int32
    /// Behind the pid. It is on the same line, so that no part of it looks like what an older version writes.
    private static let format = " format-2\n"

    /// Takes the lock at once, or says who has it.
    ///
    /// - Parameter directory: exists already.
    package init(directory: String) throws(AdminServerError) {
        let path = "\(directory)/\(AdminPath.lockName)"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw AdminServerError(.stateDirectoryUnusable, "cannot open \(path): \(SystemError.text(errno))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let pid = Self.readPID(descriptor)
            close(descriptor)
            throw AdminServerError(
                .alreadyRunning,
                "another controller runs on this state directory (\(pid.map { "pid \($0)" } ?? "pid unknown")): \(directory)"
            )
        }
        self.descriptor = descriptor
        self.directory = directory
        let before = Self.text(of: descriptor)
        olderRan = Self.isOfOlderVersion(before)
        wasConverted = before.hasSuffix(Self.format)
        // A first start that is killed before the end of the conversion leaves what an older version would.
        write(isConverted: wasConverted || !olderRan && StateMark.isConverted(directory))
    }

    /// From now on what has no checksum is damaged.
    func noteConversion() {
        write(isConverted: true)
        fsync(descriptor)
    }

    private func write(isConverted: Bool) {
        let text = Array("\(getpid())\(isConverted ? Self.format : "\n")".utf8)
        ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.count, 0)
    }

    deinit { close(descriptor) }

    private static func readPID(_ descriptor: Int32) -> Int? {
        Int(text(of: descriptor).prefix { $0.isNumber })
    }

    private static func isOfOlderVersion(_ text: String) -> Bool {
        text.utf8.count >= 2 && text.hasSuffix("\n") && text.utf8.dropLast().allSatisfy { (48...57).contains($0) }
    }

    private static func text(of descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
