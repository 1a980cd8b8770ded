import ArgumentParser
import Glibc
import LinuxSystem

/// The option that holds an event's bytes.
struct EventBody: ParsableArguments {
    @Option(
        name: [.short, .customLong("data")],
        help: ArgumentHelp(
            "The event: a text, @FILE, or - for standard input. Without it the event is empty.", valueName: "body"))
    var data: String?

    /// More than the controller takes; it says how much that is.
    private static let maximumBytes = 64 << 20

    /// Reads them, wherever they are.
    func bytes() throws(CommandFailure) -> [UInt8] {
        guard let data else { return [] }
        if data == "-" {
            guard let bytes = Console.input(maximum: Self.maximumBytes) else {
                throw CommandFailure(.failed, "cannot read standard input: \(SystemError.text(errno))")
            }
            return bytes
        }
        guard data.hasPrefix("@") else { return Array(data.utf8) }
        let path = String(data.dropFirst())
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure(.usage, "cannot read \(path): \(SystemError.text(errno))")
        }
        defer { close(descriptor) }
        guard let bytes = Console.read(descriptor, maximum: Self.maximumBytes) else {
            throw CommandFailure(.usage, "cannot read \(path): \(SystemError.text(errno))")
        }
        return bytes
    }
}
