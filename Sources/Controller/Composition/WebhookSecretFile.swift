import CLinux
import FoundationEssentials
import Glibc
import OutboundHTTP

/// `<state>/webhook.secret`: the key that signs deliveries which name no secret of their own. Made once, at random.
enum WebhookSecretFile {
    static func load(_ stateDirectory: String) throws(ControllerError) -> WebhookSecret {
        let path = "\(stateDirectory)/webhook.secret"
        if let bytes = try? Data(contentsOf: URL(filePath: path)) {
            let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isNewline }
            guard let secret = WebhookSecret(text) else {
                throw ControllerError(.configuration, "\(path) is no key", hint: "remove it; a new one is made")
            }
            return secret
        }
        var key = [UInt8](repeating: 0, count: 24)
        guard key.withUnsafeMutableBytes({ clinux_random($0.baseAddress, $0.count) }) == key.count else {
            throw .system("no random numbers", errno)
        }
        let text = "whsec_" + Data(key).base64EncodedString() + "\n"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("cannot write \(path)", errno) }
        defer { close(descriptor) }
        guard write(descriptor, text, text.utf8.count) == text.utf8.count else {
            throw .system("cannot write \(path)", errno)
        }
        guard let secret = WebhookSecret(bytes: key) else { preconditionFailure("a key of 24 bytes is a key") }
        return secret
    }
}
