import CLinux
import Glibc
import OutboundHTTP
import StateFiles
import TextForms

/// `<state>/webhook.secret`: the key that signs deliveries which name no secret of their own. Made once, at random; the
/// mark of the state directory knows its checksum.
enum WebhookSecretFile {
    static let name = "webhook.secret"

    /// The key; nil when the file is damaged, which is noted. Deliveries that it would sign fail then, and nothing else.
    static func load(
        _ stateDirectory: String, marker: StateMarker, damage: StateDamage
    ) throws(ControllerError) -> WebhookSecret? {
        let path = "\(stateDirectory)/\(name)"
        let known = marker.digest(of: name)
        let bytes: [UInt8]?
        do throws(StateFileError) {
            bytes = try StateFile.read(path, limit: 4096)
        } catch {
            damage.note(name, "\(error.message); deliveries to URLs cannot be signed")
            return nil
        }
        guard let bytes else {
            if known != nil {
                damage.note(
                    name,
                    "\(path) was gone, and a new key was made: receivers of webhooks have to be told of it, or put "
                        + "the file back from a backup")
            }
            return try make(path, marker)
        }
        let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isNewline }
        guard known == nil || known == Seal.digest(bytes), let secret = WebhookSecret(text) else {
            damage.note(
                name,
                "\(path) is not what it was; deliveries to URLs cannot be signed: put it back from a backup, or "
                    + "remove it, and a new key is made at the next start")
            return nil
        }
        marker.record(name, bytes)
        return secret
    }

    private static func make(_ path: String, _ marker: StateMarker) throws(ControllerError) -> WebhookSecret {
        var key = [UInt8](repeating: 0, count: 24)
        guard key.withUnsafeMutableBytes({ clinux_random($0.baseAddress, $0.count) }) == key.count else {
            throw .system("no random numbers", errno)
        }
        let text = Array("whsec_\(Base64.encode(key))\n".utf8)
        do throws(StateFileError) {
            try StateFile.replace(path, with: text)
        } catch {
            throw ControllerError(.system, error.message, hint: error.hint)
        }
        marker.record(name, text)
        guard let secret = WebhookSecret(bytes: key) else { preconditionFailure("a key of 24 bytes is a key") }
        return secret
    }
}
