import AdminModel
import Glibc
import LinuxSystem

/// The process's standard streams, unbuffered.
enum Console {
    /// Writes text of any lines to standard output. Whatever names and reasons are in it, it cannot steer the terminal.
    static func output(_ text: String) { write(Array(TerminalText.escapedLines(text).utf8), to: STDOUT_FILENO) }

    /// Writes bytes to standard output, untouched.
    static func output(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    /// Writes a line, or several, to standard error; it cannot steer the terminal either.
    static func error(_ line: String) {
        write(Array(TerminalText.escapedLines(line).utf8) + [UInt8(ascii: "\n")], to: STDERR_FILENO)
    }

    /// Writes bytes to standard error, untouched.
    static func error(_ bytes: [UInt8]) { write(bytes, to: STDERR_FILENO) }

    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Lets time pass.
    static func sleep(milliseconds: Int) {
        var time = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
        var rest = timespec()
        while nanosleep(&time, &rest) != 0 && errno == EINTR { time = rest }
    }

    /// Everything up to the end of standard input; nil when it cannot be read.
    static func input(maximum: Int) -> [UInt8]? { read(STDIN_FILENO, maximum: maximum) }

    /// Everything up to the end of a descriptor, or more than `maximum` bytes of it; nil when it cannot be read, with
    /// `errno`.
    static func read(_ descriptor: Int32, maximum: Int) -> [UInt8]? {
        try? FileDescriptor.readAll(descriptor, limit: maximum)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var offset = 0
        while offset < bytes.count {
            let written = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                offset += written
            } else if errno != EINTR {
                // The reader is gone or the disk is full: there is nobody left to tell.
                exit(ExitStatus.failed.rawValue)
            }
        }
    }
}
