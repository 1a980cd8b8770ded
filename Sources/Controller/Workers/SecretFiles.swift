import AccessControl
import InitLink

/// The secrets of the state directory, for workers and signatures.
struct SecretFiles: Sendable {
    let vault: SecretVault

    /// - Throws: naming the secret that is missing, that others could read, or that cannot be decrypted.
    func load(_ names: [String]) throws(ControllerError) -> [StartCommand.Secret] {
        var secrets: [StartCommand.Secret] = []
        for name in names { secrets.append(StartCommand.Secret(name: name, contents: try read(name))) }
        return secrets
    }

    private func read(_ name: String) throws(ControllerError) -> [UInt8] {
        do throws(AccessError) {
            return try vault.read(name)
        } catch {
            let isDamaged = error.code == .damaged || error.code == .exposed
            throw ControllerError(isDamaged ? .damaged : .configuration, error.message, hint: error.hint)
        }
    }
}
