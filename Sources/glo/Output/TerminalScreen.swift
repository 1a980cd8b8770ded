import Glibc
import LinuxSystem

/// The whole terminal for one command: the alternate screen, keys without Enter. What was there comes back at the end.
final class TerminalScreen {
    private var before = termios()
    private let hasKeys: Bool
    private var hasLeft = false

    /// Signals that end the command; they wait until it looks for them, so that the terminal is always put back.
    private static let ending = [SIGINT, SIGTERM, SIGHUP]

    init() throws(CommandFailure) {
        hasKeys = Console.inputIsTerminal
        if hasKeys {
            guard tcgetattr(STDIN_FILENO, &before) == 0 else {
                throw CommandFailure(.failed, "the terminal cannot be set up: \(SystemError.text(errno))")
            }
            var raw = before
            raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
            tcsetattr(STDIN_FILENO, TCSANOW, &raw)
        }
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in Self.ending { sigaddset(&signals, signal) }
        sigprocmask(SIG_BLOCK, &signals, nil)
        Console.output(Array("\u{1B}[?1049h\u{1B}[?25l".utf8))
    }

    /// Columns and rows; those of an old terminal when it does not say.
    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Replaces what is shown, without a flicker: each line is cleared behind its new text.
    func show(_ text: String) {
        var output = "\u{1B}[H"
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            output += line + "\u{1B}[K" + (index < lines.count - 1 ? "\r\n" : "")
        }
        Console.output(Array((output + "\u{1B}[J").utf8))
    }

    /// Waits for this long at most; true when the user wants to go.
    func isLeft(withinMilliseconds milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: hasKeys ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0)
        if poll(&entry, 1, milliseconds) > 0 {
            var keys = [UInt8](repeating: 0, count: 32)
            let count = read(STDIN_FILENO, &keys, keys.count)
            if count <= 0 { return true }
            if keys.prefix(count).contains(where: { $0 == UInt8(ascii: "q") || $0 == UInt8(ascii: "Q") || $0 == 4 }) {
                return true
            }
        }
        var pending = sigset_t()
        sigpending(&pending)
        return Self.ending.contains { sigismember(&pending, $0) == 1 }
    }

    /// Puts the terminal back as it was.
    func leave() {
        guard !hasLeft else { return }
        hasLeft = true
        if hasKeys { tcsetattr(STDIN_FILENO, TCSANOW, &before) }
        Console.output(Array("\u{1B}[?25h\u{1B}[?1049l".utf8))
    }

    deinit { leave() }
}
