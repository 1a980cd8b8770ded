import Foundation

/// `<state>/secrets.json`: the names of all secrets that were encrypted, so that what damage makes of one of their files
/// is never taken for a secret that an operator put there by hand.
struct SecretIndex: Codable, Hashable, Sendable {
    static let fileName = "secrets.json"
    private static let limit = 4 << 20

    var version = 1
    var names: Set<String> = []
    /// ``SecretKey/check`` of the key that they are encrypted with; nil when there are none yet.
    var keyCheck: String?

    /// Nil when there is none.
    ///
    /// - Throws: `damaged`, and why it cannot be read.
    static func read(_ stateDirectory: String) throws(AccessError) -> SecretIndex? {
        guard let bytes = try PrivateFile.readSealed(fileName, in: stateDirectory, limit: limit) else { return nil }
        guard let index = try? JSONDecoder().decode(SecretIndex.self, from: Data(bytes)) else {
            throw AccessError(.damaged, "\(stateDirectory)/\(fileName) is not what Glo writes")
        }
        return index
    }

    func write(_ stateDirectory: String) throws(AccessError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let data = try? encoder.encode(self) else { throw AccessError(.invalid, "the names are no JSON") }
        try PrivateFile.replaceSealed(Self.fileName, in: stateDirectory, with: [UInt8](data))
    }
}
