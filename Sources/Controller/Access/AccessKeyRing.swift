import FunctionModel
import Logging

/// The access keys that are good now: that of the configuration and those of the file, which is read anew when it has
/// changed. Lives on the event loop of the API's listener.
final class AccessKeyRing {
    private let file: AccessKeyFile
    private let configured: AccessKey?
    private let logger: Logger
    private var secrets: [String: String] = [:]
    private var stamp = AccessKeyFile.Stamp()
    private var lookedAt: MonotonicTime?

    /// A key that was removed stays good for no longer than this.
    private static let lookMilliseconds = 200

    init(file: AccessKeyFile, configured: AccessKey?, logger: Logger) {
        self.file = file
        self.configured = configured
        self.logger = logger
    }

    /// The secret of a key; nil when there is no such key.
    func secret(of id: String, now: MonotonicTime) -> String? {
        if let configured, configured.id == id { return configured.secret }
        if let lookedAt, now < lookedAt.advanced(byMilliseconds: Self.lookMilliseconds), let secret = secrets[id] {
            return secret
        }
        look(now)
        return secrets[id]
    }

    private func look(_ now: MonotonicTime) {
        lookedAt = now
        let current = file.stamp
        guard current != stamp else { return }
        stamp = current
        do throws(AdminServerError) {
            secrets = Dictionary(try file.keys().map { ($0.id, $0.secret) }, uniquingKeysWith: { $1 })
        } catch {
            secrets = [:]
            logger.error("No access key of the file is good", metadata: ["reason": "\(error)"])
        }
    }
}
