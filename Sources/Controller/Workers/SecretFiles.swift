import CLinux
import Glibc
import InitLink

/// Secrets as files of the state directory: `<state>/secrets/NAME`, readable by the controller's user alone.
struct SecretFiles: Sendable {
    let directory: String

    /// A secret's largest size in bytes; all of them travel in one message to init.
    private static let largest = 65_536

    /// - Throws: naming the secret that is missing or that others could read.
    func load(_ names: [String]) throws(ControllerError) -> [StartCommand.Secret] {
        var secrets: [StartCommand.Secret] = []
        for name in names { secrets.append(StartCommand.Secret(name: name, contents: try read(name))) }
        return secrets
    }

    private func read(_ name: String) throws(ControllerError) -> [UInt8] {
        let path = "\(directory)/\(name)"
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            throw ControllerError(
                .configuration, "the secret \(name) cannot be read: \(SystemError.text(errno))",
                hint: "write it to \(path) with mode 0600")
        }
        defer { close(descriptor) }
        var status = clinux_file_status()
        guard clinux_status_of(descriptor, &status) == 0, status.mode & 0o077 == 0 else {
            throw ControllerError(
                .configuration, "the secret file \(path) may be read by others", hint: "chmod 600 \(path)")
        }
        guard status.size <= Self.largest else {
            throw ControllerError(.configuration, "the secret \(name) is larger than \(Self.largest) bytes")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.size))
        let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard count == bytes.count else { throw .system("cannot read \(path)", errno) }
        return bytes
    }
}

/// The system's words for an error number.
enum SystemError {
    static func text(_ number: Int32) -> String { String(cString: strerror(number)) }
}
