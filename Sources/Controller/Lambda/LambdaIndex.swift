import FoundationEssentials
import StateFiles

/// `<state>/lambda.json`: the functions that have a ``LambdaRecord``, so that the loss of one is noticed.
struct LambdaIndex: Codable, Hashable, Sendable {
    static let fileName = "lambda.json"
    private static let limit = 16 << 20

    var version = 1
    var names: Set<String> = []

    /// Nil when there is none.
    static func read(_ stateDirectory: String) throws(StateFileError) -> LambdaIndex? {
        let path = "\(stateDirectory)/\(fileName)"
        guard let bytes = try StateFile.readSealed(path, as: fileName, limit: limit, allowsUnsealed: false) else {
            return nil
        }
        guard let index = try? JSONDecoder().decode(LambdaIndex.self, from: Data(bytes)) else {
            throw StateFileError(.damaged, "\(path) is not what Glo writes")
        }
        return index
    }

    func write(_ stateDirectory: String) throws(StateFileError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { preconditionFailure("names are JSON") }
        try StateFile.replace("\(stateDirectory)/\(Self.fileName)", with: Seal.sealed(Array(data), as: Self.fileName))
    }
}
